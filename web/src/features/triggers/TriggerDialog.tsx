import { Modal, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Trigger } from "@/features/triggers/queries";
import { TriggerForm } from "@/features/triggers/TriggerForm";
import { WorkflowChoice } from "@/features/triggers/WorkflowChoice";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { versionQuery, workflowQuery } from "@/shared/workflows/queries";

interface Props {
  opened: boolean;
  /** The one to change; null makes a new one. */
  trigger: Trigger | null;
  onClose: () => void;
}

/** Make or change a trigger. */
export function TriggerDialog({ opened, trigger, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={trigger === null ? "New trigger" : "Edit trigger"} size="lg">
      {opened && <Chosen key={trigger?.id} trigger={trigger} onClose={onClose} />}
    </Modal>
  );
}

/** First the workflow, because its inputs are part of the form. */
function Chosen({ trigger, onClose }: { trigger: Trigger | null; onClose: () => void }) {
  const [id, setId] = useState<string | null>(trigger?.workflow_id ?? null);
  const choice = <WorkflowChoice value={id} onChange={setId} />;
  if (id === null) return choice;
  return <WithWorkflow key={id} id={id} choice={choice} trigger={trigger} onClose={onClose} />;
}

function WithWorkflow(props: { id: string; choice: React.ReactNode; trigger: Trigger | null; onClose: () => void }) {
  const { id, choice, trigger, onClose } = props;
  const workflow = useQuery(workflowQuery(id));
  const number = workflow.data?.published_number ?? workflow.data?.latest_number;
  const version = useQuery({ ...versionQuery(id, number ?? 1), enabled: number !== undefined });
  const error = workflow.error ?? version.error;
  if (error !== null) return <ErrorPanel error={error} />;
  if (version.data === undefined) return <Skeleton height={240} role="status" aria-label="Loading" />;
  return <TriggerForm choice={choice} workflowId={id} version={version.data} trigger={trigger} onClose={onClose} />;
}
