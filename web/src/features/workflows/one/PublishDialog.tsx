import { Button, Group, Modal, ScrollArea, Skeleton, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ChangeList } from "@/shared/changes/ChangeList";
import { diffQuery, type Workflow, refreshWorkflow } from "@/shared/workflows/queries";
import { api, dataOf } from "@/shared/api/client";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { ReleaseNotes } from "@/shared/workflows/ReleaseNotes";
import { told } from "@/shared/ui/told";
import { PageLink } from "@/shared/ui/links";
import { comparePage } from "@/shared/workflows/links";

interface Props {
  workflow: Workflow;
  opened: boolean;
  onClose: () => void;
}

/** Publish the newest draft, after one saw what that changes. */
export function PublishDialog({ workflow, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title={`Publish version ${workflow.latest_number}`}>
      <Publication workflow={workflow} onClose={onClose} />
    </Modal>
  );
}

function Publication({ workflow, onClose }: { workflow: Workflow; onClose: () => void }) {
  const { latest_number: number, published_number: published } = workflow;
  const [notes, setNotes] = useState("");
  const publish = useMutation({
    mutationFn: () => {
      const params = { path: { workflow_id: workflow.id } };
      return dataOf(
        api.POST("/api/workflows/{workflow_id}/publish", { params, body: { number, release_notes: notes } }),
      );
    },
    onSuccess: async ({ warnings }) => {
      const doubts = warnings.length === 0 ? "" : ` The check has ${warnings.length} warnings; Studio shows them.`;
      told(`Version ${number} of ${workflow.name} is published.${doubts}`);
      onClose();
      await refreshWorkflow(workflow.id);
    },
    // Somebody may have saved or published meanwhile.
    onError: () => refreshWorkflow(workflow.id),
  });
  return (
    <Stack>
      {publish.isError && <ErrorPanel error={publish.error} />}
      {published === null ? (
        <Text size="sm">Nothing is live yet. Once published, executions run this version.</Text>
      ) : (
        <>
          <Group justify="space-between">
            <Text size="sm">Version {published} is live. Publishing changes:</Text>
            <PageLink {...comparePage(workflow.id, published, number)} size="sm" onClick={onClose}>
              Compare side by side
            </PageLink>
          </Group>
          <Changes id={workflow.id} from={published} to={number} />
        </>
      )}
      <ReleaseNotes value={notes} onChange={setNotes} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={publish.isPending} onClick={() => publish.mutate()} data-autofocus>
          Publish version {number}
        </Button>
      </Group>
    </Stack>
  );
}

function Changes({ id, from, to }: { id: string; from: number; to: number }) {
  const diff = useQuery(diffQuery(id, from, to));
  if (diff.isError) return <ErrorPanel error={diff.error} onRetry={() => void diff.refetch()} />;
  if (diff.data === undefined) return <Skeleton height={140} />;
  return (
    <ScrollArea.Autosize mah={420} type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": "Changes" }}>
      <div style={{ paddingRight: 14 }}>
        <ChangeList changes={diff.data.changes} files={diff.data.files} />
      </div>
    </ScrollArea.Autosize>
  );
}
