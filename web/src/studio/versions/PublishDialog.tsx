import { Alert, Anchor, Button, Group, List, ScrollArea, Skeleton, Stack, Text } from "@mantine/core";
import { IconAlertCircle, IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { ApiError } from "@/shared/api/errors";
import { ChangeList } from "@/shared/changes/ChangeList";
import { writeDocument } from "@/shared/flow/writeDocument";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { ReleaseNotes } from "@/shared/workflows/ReleaseNotes";
import { told } from "@/shared/ui/told";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";
import { useStudio } from "@/studio/core/studio";
import { useEditor, useEditorActions } from "@/studio/state/editor";
import { diffQuery, refreshWorkflow, workflowQuery } from "@/shared/workflows/queries";

const MOST_PROBLEMS = 30;

/** Publishes what is edited, after one saw what that changes and what the check says. Saves it first. */
export function PublishDialog({ onClose }: { onClose: () => void }) {
  const { saving } = useStudio();
  const save = useMutation({
    mutationFn: async () => {
      if (await saving.save("Saved to publish it")) return;
      throw new ApiError(409, "not-saved", "Not published: your changes could not be saved.");
    },
  });
  const { mutate } = save;
  useEffect(() => mutate(), [mutate]);
  if (save.isError) return <ErrorPanel error={save.error} onRetry={() => save.mutate()} />;
  if (!save.isSuccess) return <Skeleton height={160} role="status" aria-label="Saving" />;
  return <Publication onClose={onClose} />;
}

function Publication({ onClose }: { onClose: () => void }) {
  const id = useEditor((state) => state.workflowId);
  const number = useEditor((state) => state.basedOn);
  const workflow = useQuery({ ...workflowQuery(id), staleTime: 0 });
  const check = useCheck(number);
  const [notes, setNotes] = useState("");
  const publish = useMutation({
    mutationFn: () => {
      const params = { path: { workflow_id: id } };
      return dataOf(
        api.POST("/api/workflows/{workflow_id}/publish", { params, body: { number, release_notes: notes } }),
      );
    },
    onSuccess: async () => {
      told(`Version ${number} is published.`);
      onClose();
      await refreshWorkflow(id);
    },
  });
  const problem = workflow.error ?? check.error;
  if (problem)
    return <ErrorPanel error={problem} onRetry={() => void Promise.all([workflow.refetch(), check.refetch()])} />;
  if (workflow.data === undefined || check.data === undefined) return <Skeleton height={160} />;
  const { published_number: published } = workflow.data;
  if (published === number) {
    return (
      <Stack>
        <Text size="sm">Version {number} is already live, and nothing has changed since.</Text>
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            Close
          </Button>
        </Group>
      </Stack>
    );
  }
  const { publishable, problems } = check.data;
  return (
    <Stack>
      {publish.isError && <ErrorPanel error={publish.error} />}
      <Findings problems={problems} publishable={publishable} onClose={onClose} />
      {published === null ? (
        <Text size="sm">Nothing is live yet. Once published, executions run version {number}.</Text>
      ) : (
        <>
          <Text size="sm">
            Version {published} is live. Version {number} changes:
          </Text>
          <Changes from={published} to={number} onClose={onClose} />
        </>
      )}
      <ReleaseNotes value={notes} onChange={setNotes} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={publish.isPending} disabled={!publishable} onClick={() => publish.mutate()} data-autofocus>
          Publish version {number}
        </Button>
      </Group>
    </Stack>
  );
}

/** What the check says of the version that is open. */
function useCheck(number: number) {
  const { store } = useStudio();
  return useQuery({
    queryKey: ["studio", store.getState().workflowId, "check", number],
    gcTime: 0,
    queryFn: ({ signal }) => {
      const body = { document: writeDocument(store.getState().savedFlow) };
      return dataOf(api.POST("/api/workflows/check", { body, signal }));
    },
  });
}

interface FindingsProps {
  problems: readonly Schemas["FlowProblem"][];
  publishable: boolean;
  onClose: () => void;
}

function Findings({ problems, publishable, onClose }: FindingsProps) {
  const { revealNode, openPanel } = useEditorActions();
  if (problems.length === 0) {
    return (
      <Group gap={8} wrap="nowrap">
        <IconCircleCheck size={18} color="var(--exekra-good)" aria-hidden />
        <Text size="sm">The check found no problems.</Text>
      </Group>
    );
  }
  const errors = problems.filter(({ severity }) => severity === "error");
  const shown = publishable ? problems : errors;
  const show = (node: string, field: string | null | undefined) => {
    onClose();
    openPanel("right", "properties");
    revealNode(node, field ?? null);
  };
  return (
    <Alert
      color={publishable ? "yellow" : "red"}
      icon={publishable ? <IconAlertTriangle size={18} /> : <IconAlertCircle size={18} />}
      title={
        publishable
          ? `${counted(problems.length, "warning")}. You can still publish.`
          : `${counted(errors.length, "error")} must be fixed before publishing.`
      }
    >
      <List size="sm" spacing={4}>
        {shown.slice(0, MOST_PROBLEMS).map(({ node, field, message }, index) => (
          <List.Item key={index}>
            {node && (
              <>
                <Anchor component="button" type="button" size="sm" onClick={() => show(node, field)}>
                  {node}
                </Anchor>
                {": "}
              </>
            )}
            <PlainMarkup text={message} />
          </List.Item>
        ))}
      </List>
      {shown.length > MOST_PROBLEMS && <Text size="sm">And {shown.length - MOST_PROBLEMS} more.</Text>}
    </Alert>
  );
}

function Changes({ from, to, onClose }: { from: number; to: number; onClose: () => void }) {
  const id = useEditor((state) => state.workflowId);
  const { revealNode } = useEditorActions();
  const diff = useQuery(diffQuery(id, from, to));
  if (diff.isError) return <ErrorPanel error={diff.error} onRetry={() => void diff.refetch()} />;
  if (diff.data === undefined) return <Skeleton height={140} />;
  const show = (node: string) => {
    onClose();
    revealNode(node);
  };
  return (
    <ScrollArea.Autosize mah={360} type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": "Changes" }}>
      <div style={{ paddingRight: 14 }}>
        <ChangeList changes={diff.data.changes} files={diff.data.files} onNode={show} />
      </div>
    </ScrollArea.Autosize>
  );
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
