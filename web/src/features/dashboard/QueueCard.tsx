import { Skeleton, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { Card } from "@/features/dashboard/Card";
import classes from "@/features/dashboard/dashboard.module.css";
import type { Dashboard } from "@/features/dashboard/queries";
import { LazyLines } from "@/shared/charts/LazyCharts";
import { Legend } from "@/shared/charts/Legend";

const HEIGHT = 160;
const SHOWN_REASONS = 3;

/** What waits now and why, and how much there was to do. */
export function QueueCard({ figures }: { figures: Dashboard | undefined }) {
  const load = figures?.queue.over_time;
  const chart = useMemo(
    () =>
      load && {
        times: load.map((one) => one.begins),
        series: [
          { label: "Queued", color: "gray", values: load.map((one) => one.queued) },
          { label: "On Runners", color: "blue", values: load.map((one) => one.underway) },
        ],
      },
    [load],
  );
  if (figures === undefined || chart === undefined) {
    return (
      <Card title="Queue">
        <Skeleton height={HEIGHT + 82} />
      </Card>
    );
  }
  const { queue } = figures;
  const known = chart.series.some(({ values }) => values.some((value) => value !== null));
  return (
    <Card title="Queue">
      {known ? (
        <LazyLines
          label={`The most that were queued and on Runners; ${queue.depth.count} are queued now`}
          {...chart}
          height={HEIGHT}
          least={4}
          stepped
        />
      ) : (
        <Text size="xs" c="var(--exekra-quiet)" h={HEIGHT}>
          Collecting data. The queue is measured every minute.
        </Text>
      )}
      <Legend series={chart.series} />
      <div className={classes.reasons}>
        {queue.by_reason.length === 0 && <span className={classes.small}>Nothing is waiting.</span>}
        {queue.by_reason.slice(0, SHOWN_REASONS).map((group) => (
          <div key={group.execution_id} className={classes.reason}>
            <strong>{group.count.toLocaleString()}</strong>
            <Link
              className={`${classes.cellLink} ${classes.truncated}`}
              to="/executions/$executionId"
              params={{ executionId: group.execution_id }}
              title={group.message}
            >
              {group.message}
            </Link>
          </div>
        ))}
      </div>
    </Card>
  );
}
