import { Paper, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { percent } from "@/features/workflows/list/Health";
import classes from "@/features/workflows/one/one.module.css";
import { statisticsQuery } from "@/features/workflows/one/statistics";
import type { Workflow } from "@/shared/workflows/queries";
import { type Range, RANGES } from "@/shared/format/ranges";
import { duration } from "@/shared/format/time";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import type { ExecutionState } from "@/shared/ui/StateBadge";

/** How a workflow did in a period; each number leads to the executions behind it. */
export function Figures({ workflow, range }: { workflow: Workflow; range: Exclude<Range, "1h"> }) {
  const { data, isError, error, refetch } = useQuery(statisticsQuery(workflow.id, range));
  if (isError) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  const list = { workflow_id: workflow.id, range };
  const count = (value: number | undefined) => value?.toLocaleString();
  return (
    <div className={classes.figures}>
      <Figure label={`Executions, ${RANGES[range].label.toLowerCase()}`} value={count(data?.executions)} list={list} />
      <Figure label="Failed" value={count(data?.failed)} list={{ ...list, state: ["FAILED"] }} />
      <Figure label="Success" value={data && (data.success_rate === null ? "–" : percent(data.success_rate))} />
      <Figure label="Median duration" value={data && duration(data.seconds_p50)} />
      <Figure label="95th percentile" value={data && duration(data.seconds_p95)} />
    </div>
  );
}

interface FigureProps {
  label: string;
  value: string | undefined;
  /** The filters of the list that it leads to. */
  list?: { workflow_id: string; range: Range; state?: ExecutionState[] };
}

function Figure({ label, value, list }: FigureProps) {
  const content = (
    <>
      <Text size="xs" c="var(--exekra-quiet)">
        {label}
      </Text>
      {value === undefined ? <Skeleton height={20} width={64} my={3} /> : <div className={classes.number}>{value}</div>}
    </>
  );
  if (list === undefined) {
    return (
      <Paper withBorder className={classes.figure}>
        {content}
      </Paper>
    );
  }
  return (
    <Paper
      withBorder
      className={classes.figure}
      renderRoot={(props) => <Link to="/executions" search={list} {...props} />}
    >
      {content}
    </Paper>
  );
}
