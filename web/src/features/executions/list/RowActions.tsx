import { IconPlayerStop, IconRotateClockwise } from "@tabler/icons-react";
import { createContext, use } from "react";
import type { useListActions } from "@/features/executions/actions";
import classes from "@/features/executions/list/list.module.css";
import type { Execution } from "@/features/executions/queries";
import { isActive } from "@/features/executions/search";
import { confirmFirst } from "@/shared/ui/confirm";

/** What rows can do: one for all of them. */
export const ListActionsContext = createContext<ReturnType<typeof useListActions> | null>(null);

/** Stop what goes on, run again what has ended. Light: lists hold hundreds of them. */
export function RowActions({ row }: { row: Execution }) {
  const actions = use(ListActionsContext);
  if (actions === null) return null;
  const { stop, again } = actions;
  const active = isActive(row.state);
  const asked = active && row.stop_requested_at !== null;
  const label = !active ? "Run again" : asked ? "Stopping" : "Stop";
  const busy = [stop, again].some((act) => act.isPending && act.variables.includes(row.id));
  const act = () => {
    if (!active) return again.mutate([row.id]);
    return confirmFirst({
      title: `Stop this execution of ${row.workflow_name}?`,
      text: "The run ends immediately. This cannot be undone.",
      label: "Stop",
      danger: true,
      action: () => stop.mutateAsync([row.id]),
    });
  };
  return (
    <button
      type="button"
      className={classes.action}
      title={label}
      aria-label={`${label}: ${row.workflow_name}`}
      disabled={asked || busy}
      data-busy={busy || undefined}
      onClick={act}
    >
      {active ? <IconPlayerStop size={16} /> : <IconRotateClockwise size={16} />}
    </button>
  );
}
