import { ActionIcon, Tooltip } from "@mantine/core";
import { IconPlayerStop, IconRotateClockwise } from "@tabler/icons-react";
import { useListActions } from "@/features/executions/actions";
import type { Execution } from "@/features/executions/queries";
import { isActive } from "@/features/executions/search";

/** Stop what goes on, run again what has ended. */
export function RowActions({ row }: { row: Execution }) {
  const { stop, again } = useListActions();
  const active = isActive(row.state);
  const label = !active ? "Run again" : row.stop_requested_at === null ? "Stop" : "It was asked to stop";
  const act = active ? stop : again;
  return (
    <Tooltip label={label} openDelay={300}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={`${label}: ${row.workflow_name}`}
        loading={act.isPending}
        disabled={active && row.stop_requested_at !== null}
        onClick={() => act.mutate([row.id])}
      >
        {active ? <IconPlayerStop size={16} /> : <IconRotateClockwise size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}
