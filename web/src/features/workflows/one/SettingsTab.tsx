import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { askToArchive, askToDelete, restore } from "@/features/workflows/actions";
import { EditForm } from "@/features/workflows/EditForm";
import type { Workflow } from "@/shared/workflows/queries";
import { toldError } from "@/shared/ui/told";

/** A workflow's name and tags, and its end. */
export function SettingsTab({ workflow }: { workflow: Workflow }) {
  const navigate = useNavigate();
  const archived = workflow.archived_at !== null;
  return (
    <Stack maw={680}>
      <Paper withBorder p="md">
        <Title order={2} mb="sm">
          Name and tags
        </Title>
        <EditForm workflow={workflow} />
      </Paper>
      <Paper withBorder p="md">
        <Title order={2} mb="sm">
          Archive and delete
        </Title>
        <Ending
          text="Archived workflows are hidden and cannot run. Everything is kept, and they can be restored."
          button={
            archived ? (
              <Button variant="default" onClick={() => void restore(workflow).catch(toldError)}>
                Restore
              </Button>
            ) : (
              <Button variant="default" onClick={() => askToArchive(workflow)}>
                Archive…
              </Button>
            )
          }
        />
        <Ending
          text="A workflow that has never been run can be deleted with all its versions."
          button={
            <Button
              variant="outline"
              color="red"
              onClick={() => askToDelete(workflow, () => void navigate({ to: "/workflows" }))}
            >
              Delete…
            </Button>
          }
        />
      </Paper>
    </Stack>
  );
}

function Ending({ text, button }: { text: string; button: React.ReactNode }) {
  return (
    <Group justify="space-between" wrap="nowrap" py="xs">
      <Text size="sm">{text}</Text>
      {button}
    </Group>
  );
}
