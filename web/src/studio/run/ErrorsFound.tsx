import { Alert, Button, Group, List, Text, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ApiError } from "@/shared/api/errors";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";
import { useEditorActions } from "@/studio/state/editor";

const MOST_SHOWN = 5;

/** Whether the Hub refused to run what has errors. */
export function hasErrors(error: unknown): error is ApiError {
  return (error as Partial<ApiError> | null)?.code === "workflow-invalid";
}

/** What is wrong with the workflow, with the way to each place; it can be run all the same. */
export function ErrorsFound({ error, onLeave }: { error: ApiError; onLeave: () => void }) {
  const { openPanel, revealNode } = useEditorActions();
  const { problems } = error;
  const showAll = () => {
    openPanel("bottom", "problems");
    onLeave();
  };
  const show = (node: string, field: string | null | undefined) => {
    openPanel("right", "properties");
    revealNode(node, field ?? null);
    onLeave();
  };
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconAlertTriangle size={18} />}
      title={problems.length === 1 ? "The workflow has an error" : `The workflow has ${problems.length} errors`}
    >
      <List size="sm" listStyleType="none" spacing={4}>
        {problems.slice(0, MOST_SHOWN).map(({ node, field, message = "" }, index) => (
          <List.Item key={index}>
            {node ? (
              <UnstyledButton fz="sm" td="underline" onClick={() => show(node, field)}>
                {node}
              </UnstyledButton>
            ) : (
              (field ?? "The workflow")
            )}
            : <PlainMarkup text={message} />
          </List.Item>
        ))}
      </List>
      <Text size="sm" mt="xs">
        You can run it anyway: it fails when it reaches one of them.
      </Text>
      <Group mt="xs">
        <Button size="xs" variant="light" color="red" onClick={showAll}>
          Show all problems
        </Button>
      </Group>
    </Alert>
  );
}
