import { ActionIcon, Tooltip } from "@mantine/core";
import { IconPlayerStop, IconRotateClockwise } from "@tabler/icons-react";
import { useListActions } from "@/features/executions/actions";
import type { Execution } from "@/features/executions/queries";
import { isActive } from "@/features/executions/search";
import { confirmFirst } from "@/shared/ui/confirm";

/** Stop what goes on, run again what has ended. */
export function RowActions({ row }: { row: Execution }) {
  const { stop, again } = useListActions();
  const active = isActive(row.state);
  const label = !active ? "Run again" : row.stop_requested_at === null ? "Stop" : "It was asked to stop";
  const act = () => {
    if (!active) return again.mutate([row.id]);
    return confirmFirst({
      title: `Stop this execution of ${row.workflow_name}?`,
      text: "What it is doing is ended; it cannot be taken back.",
      label: "Stop",
      danger: true,
      action: () => stop.mutateAsync([row.id]),
    });
  };
  return (
    <Tooltip label={label} openDelay={300}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={`${label}: ${row.workflow_name}`}
        loading={stop.isPending || again.isPending}
        disabled={active && row.stop_requested_at !== null}
        onClick={act}
      >
        {active ? <IconPlayerStop size={16} /> : <IconRotateClockwise size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}
