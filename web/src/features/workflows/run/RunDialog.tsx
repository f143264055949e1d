import { Modal, Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { versionQuery } from "@/shared/workflows/queries";
import { RunForm } from "@/features/workflows/run/RunForm";
import { useMay } from "@/shared/session/session";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

/** What has to be known of a workflow to run it. */
export interface Runnable {
  id: string;
  name: string;
  latest_number: number;
  published_number: number | null;
}

interface Props {
  /** Null while the dialog is closed. */
  workflow: Runnable | null;
  onClose: () => void;
}

/** Run a workflow: with which inputs, and where. */
export function RunDialog({ workflow, onClose }: Props) {
  return (
    <Modal opened={workflow !== null} onClose={onClose} title={`Run ${workflow?.name ?? ""}`} size="lg">
      {workflow && <Chosen key={workflow.id} workflow={workflow} onClose={onClose} />}
    </Modal>
  );
}

function Chosen({ workflow, onClose }: { workflow: Runnable; onClose: () => void }) {
  const mayRunDrafts = useMay("DEVELOPER");
  const [number, setNumber] = useState(workflow.published_number ?? workflow.latest_number);
  const version = useQuery(versionQuery(workflow.id, number));
  const choices = mayRunDrafts
    ? [...new Set([workflow.published_number, workflow.latest_number])].filter((one) => one !== null)
    : [];
  if (version.isError) {
    return <ErrorPanel error={version.error} onRetry={() => void version.refetch()} />;
  }
  if (version.data === undefined) {
    return (
      <Stack role="status" aria-label="Loading">
        <Skeleton height={54} />
        <Skeleton height={54} />
        <Skeleton height={36} width={140} ml="auto" />
      </Stack>
    );
  }
  return (
    <RunForm
      key={number}
      workflow={workflow}
      version={version.data}
      choices={choices}
      onVersion={setNumber}
      onClose={onClose}
    />
  );
}
