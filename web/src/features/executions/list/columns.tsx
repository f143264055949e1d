import { IconBug, IconCalendarTime, IconPencil, IconUser, IconWebhook, type Icon } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import classes from "@/features/executions/list/list.module.css";
import { RowActions } from "@/features/executions/list/RowActions";
import type { Execution } from "@/features/executions/queries";
import { Ago } from "@/shared/ui/Ago";
import { Elapsed } from "@/shared/ui/Elapsed";
import { ExecutionStateCell } from "@/shared/ui/ExecutionStateCell";
import type { ListColumn } from "@/shared/ui/ListTable";
import { Outcome } from "@/shared/ui/outcome";
import { RowLink } from "@/shared/ui/RowLink";
import { runnerPage } from "@/shared/runners/links";
import { executionPage } from "@/shared/executions/links";

const SOURCES: Record<string, { icon: Icon; label: string }> = {
  manual: { icon: IconUser, label: "Started by hand" },
  schedule: { icon: IconCalendarTime, label: "Started by a schedule" },
  studio: { icon: IconPencil, label: "A run from Studio" },
  webhook: { icon: IconWebhook, label: "Started by a webhook" },
};

/** The columns of the list of executions. */
export const executionColumns: ListColumn<Execution>[] = [
  { accessor: "state", title: "State", width: 146, render: (row) => <ExecutionStateCell execution={row} /> },
  {
    accessor: "workflow_name",
    title: "Workflow",
    render: (row) => (
      <span className={classes.named}>
        <RowLink className={classes.name} {...executionPage(row.id)} title={row.workflow_name}>
          {row.workflow_name}
        </RowLink>
        <span className={classes.quiet}>{`v${row.version}`}</span>
      </span>
    ),
  },
  {
    accessor: "runner_name",
    title: "Runner",
    width: "10.5%",
    ellipsis: true,
    render: (row) => <RunnerCell row={row} />,
  },
  {
    accessor: "started_at",
    title: "Started",
    width: 104,
    render: (row) => <Ago at={row.started_at} none={row.finished_at === null ? "not yet" : "never"} />,
  },
  {
    accessor: "seconds",
    title: "Duration",
    width: 104,
    textAlign: "right",
    render: (row) => <Elapsed since={row.finished_at === null ? row.started_at : null} seconds={row.seconds} />,
  },
  {
    accessor: "created_by_name",
    title: "Started by",
    width: "11.5%",
    ellipsis: true,
    render: (row) => <SourceCell row={row} />,
  },
  {
    accessor: "failure",
    title: "Outcome",
    ellipsis: true,
    render: (row) =>
      (row.failure !== null || row.state === "STOPPED") && <Outcome execution={row} className={classes.failure} />,
  },
  {
    accessor: "actions",
    title: <span className={classes.unseen}>Actions</span>,
    width: 52,
    textAlign: "right",
    render: (row) => <RowActions row={row} />,
  },
];

function RunnerCell({ row }: { row: Execution }) {
  if (row.runner_id === null) return <span className={classes.quiet}>–</span>;
  return (
    <Link className={classes.plain} {...runnerPage(row.runner_id)}>
      {row.runner_name ?? "removed"}
    </Link>
  );
}

function SourceCell({ row }: { row: Execution }) {
  const { icon: Picture, label } = row.debug
    ? { icon: IconBug, label: "A debug session" }
    : (SOURCES[row.source] ?? { icon: IconUser, label: row.source });
  return (
    <span className={classes.source} title={row.created_by_name ? `${label}: ${row.created_by_name}` : label}>
      <Picture size={14} aria-label={label} className={classes.quiet} />
      <span className={classes.name}>{row.created_by_name?.split("@", 1)[0] ?? row.source}</span>
    </span>
  );
}
