import { Skeleton, Table } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { headsOf, namesOf } from "@/features/dashboard/bucketNames";
import { Card } from "@/features/dashboard/Card";
import classes from "@/features/dashboard/dashboard.module.css";
import type { Dashboard } from "@/features/dashboard/queries";
import { TableSwitch } from "@/features/dashboard/TableSwitch";
import { LazyStackedBars } from "@/shared/charts/LazyCharts";
import { Legend } from "@/shared/charts/Legend";
import type { ExecutionState } from "@/shared/ui/StateBadge";

const HEIGHT = 220;
const UNFINISHED: ExecutionState[] = ["QUEUED", "ASSIGNED", "RUNNING"];

/** From the bottom of each column to its top. */
const PARTS = [
  { name: "completed", label: "Completed", color: "teal", states: ["COMPLETED"] },
  { name: "unfinished", label: "Not finished", color: "blue", states: UNFINISHED },
  { name: "stopped", label: "Stopped", color: "gray", states: ["STOPPED"] },
  { name: "failed", label: "Failed", color: "red", states: ["FAILED"] },
] as const satisfies readonly { name: string; label: string; color: string; states: ExecutionState[] }[];

/** What became of the executions, by when they were created. A column leads to its executions. */
export function OverTime({ figures }: { figures: Dashboard | undefined }) {
  const [table, setTable] = useState(false);
  const navigate = useNavigate();
  const buckets = figures?.over_time;
  const chart = useMemo(
    () =>
      buckets &&
      figures && {
        names: namesOf(buckets, figures.bucket),
        heads: headsOf(buckets, figures.bucket),
        series: PARTS.map(({ name, label, color }) => ({ label, color, values: buckets.map((one) => one[name]) })),
      },
    [buckets, figures],
  );
  if (chart === undefined || buckets === undefined) {
    return (
      <Card title="Executions over time">
        <Skeleton height={HEIGHT + 22} />
      </Card>
    );
  }
  const searchAt = (index: number, states?: readonly ExecutionState[]) => {
    const bucket = buckets[index];
    return { ...(states && { state: [...states] }), ...(bucket && { since: bucket.begins, until: bucket.ends }) };
  };
  return (
    <Card title="Executions over time" aside={<TableSwitch shown={table} onChange={setTable} />}>
      {table ? (
        <BucketTable buckets={buckets} heads={chart.heads} searchAt={searchAt} />
      ) : (
        <>
          <LazyStackedBars
            label={`Executions over time: ${PARTS.map(({ name, label }) => `${sum(buckets, name)} ${label}`).join(", ")}`}
            {...chart}
            height={HEIGHT}
            onPick={(index, part) =>
              void navigate({
                to: "/executions",
                search: searchAt(index, part === null ? undefined : PARTS[part]?.states),
              })
            }
          />
          <Legend series={PARTS} />
        </>
      )}
    </Card>
  );
}

type Buckets = Dashboard["over_time"];

function sum(buckets: Buckets, name: (typeof PARTS)[number]["name"]): number {
  return buckets.reduce((total, bucket) => total + bucket[name], 0);
}

function BucketTable({
  buckets,
  heads,
  searchAt,
}: {
  buckets: Buckets;
  heads: readonly string[];
  searchAt: (index: number, states?: readonly ExecutionState[]) => object;
}) {
  return (
    <Table.ScrollContainer minWidth={420} maxHeight={HEIGHT + 22}>
      <Table stickyHeader verticalSpacing={3} fz="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Created</Table.Th>
            {PARTS.map(({ label }) => (
              <Table.Th key={label} ta="right">
                {label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {buckets.map((bucket, index) => (
            <Table.Tr key={bucket.begins}>
              <Table.Td>{heads[index]}</Table.Td>
              {PARTS.map(({ name, states }) => (
                <Table.Td key={name} ta="right">
                  {bucket[name] === 0 ? (
                    "0"
                  ) : (
                    <Link className={classes.cellLink} to="/executions" search={searchAt(index, states)}>
                      {bucket[name].toLocaleString()}
                    </Link>
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
