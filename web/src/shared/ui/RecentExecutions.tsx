import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { given } from "@/shared/api/given";
import { useLiveQueries } from "@/shared/live/useLiveQueries";
import { Ago } from "@/shared/ui/Ago";
import { Elapsed } from "@/shared/ui/Elapsed";
import { ExecutionStateCell } from "@/shared/ui/ExecutionStateCell";
import { type ListColumn, ListTable } from "@/shared/ui/ListTable";
import { usePagedList } from "@/shared/ui/pagedList";
import { RowLink } from "@/shared/ui/RowLink";
import type { ExecutionState } from "@/shared/ui/StateBadge";
import { Outcome } from "@/shared/ui/outcome";
import { PageLink } from "@/shared/ui/links";
import { runnerPage } from "@/shared/runners/links";
import { executionPage } from "@/shared/executions/links";

type Execution = Schemas["ExecutionSummary"];

const LIVE_MILLISECONDS = 1_000;

interface Props {
  /** Whose executions: one workflow's or one Runner's. */
  of: { workflow_id: string } | { runner_id: string };
  state?: ExecutionState | undefined;
  /** How many; with `onCursor` that many a page. */
  limit: number;
  cursor?: string | undefined;
  onCursor?: (cursor: string | undefined) => void;
  empty: ReactNode;
}

/** The newest executions of a workflow or a Runner, live. */
export function RecentExecutions({ of, state, limit, cursor, onCursor, empty }: Props) {
  const filters = { ...of, ...(state !== undefined && { state: [state] }) };
  const queryKey = ["executions", "recent", filters, limit];
  const list = usePagedList<Execution>({
    queryKey,
    cursor,
    prefetch: onCursor !== undefined,
    fetchPage: (at, signal) =>
      dataOf(api.GET("/api/executions", { params: { query: given({ ...filters, limit, cursor: at }) }, signal })),
  });
  useLiveQueries(queryKey, LIVE_MILLISECONDS);
  const shown = onCursor === undefined ? { ...list, nextCursor: null } : list;
  return (
    <ListTable
      label="Executions"
      list={shown}
      columns={"workflow_id" in of ? OF_WORKFLOW : OF_RUNNER}
      empty={empty}
      onCursor={onCursor ?? (() => undefined)}
    />
  );
}

const STATE: ListColumn<Execution> = {
  accessor: "state",
  title: "State",
  width: 146,
  render: (row) => <ExecutionStateCell execution={row} />,
};
const BEGUN: ListColumn<Execution> = {
  accessor: "created_at",
  title: "Started",
  width: 120,
  render: (row) => (
    <RowLink {...executionPage(row.id)}>
      <Ago at={row.started_at ?? row.created_at} />
    </RowLink>
  ),
};
const WORKFLOW: ListColumn<Execution> = {
  accessor: "workflow_name",
  title: "Workflow",
  ellipsis: true,
  render: (row) => (
    <RowLink {...executionPage(row.id)} title={row.workflow_name}>
      {row.workflow_name}
    </RowLink>
  ),
};
const RUNNER: ListColumn<Execution> = {
  accessor: "runner_name",
  title: "Runner",
  width: 150,
  ellipsis: true,
  render: (row) =>
    row.runner_id === null ? (
      "–"
    ) : (
      <PageLink {...runnerPage(row.runner_id)} inherit c="inherit">
        {row.runner_name ?? "removed"}
      </PageLink>
    ),
};
const LASTED: ListColumn<Execution> = {
  accessor: "seconds",
  title: "Duration",
  width: 110,
  textAlign: "right",
  render: (row) => <Elapsed since={row.finished_at === null ? row.started_at : null} seconds={row.seconds} />,
};
const VERSION: ListColumn<Execution> = {
  accessor: "version",
  title: "Version",
  width: 84,
  textAlign: "right",
};
const OUTCOME: ListColumn<Execution> = {
  accessor: "failure",
  title: "Outcome",
  ellipsis: true,
  render: (row) => (
    <Text inherit span c="var(--exekra-quiet)">
      <Outcome execution={row} />
    </Text>
  ),
};
const STARTED: ListColumn<Execution> = {
  accessor: "started_at",
  title: "Started",
  width: 120,
  render: (row) => <Ago at={row.started_at ?? row.created_at} />,
};

const OF_WORKFLOW = [STATE, BEGUN, LASTED, VERSION, RUNNER, OUTCOME];
const OF_RUNNER = [STATE, WORKFLOW, STARTED, LASTED, OUTCOME];
