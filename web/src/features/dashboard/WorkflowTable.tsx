import { Group, Skeleton, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Card } from "@/features/dashboard/Card";
import classes from "@/features/dashboard/dashboard.module.css";
import { searchOf } from "@/features/dashboard/filter";
import type { Dashboard } from "@/features/dashboard/queries";
import { percentOf } from "@/features/dashboard/trend";
import { MiniBars } from "@/shared/charts/MiniBars";
import { duration } from "@/shared/format/time";
import { StateBadge } from "@/shared/ui/StateBadge";

type Workflow = Dashboard["workflows"][number];

/** The workflows that ran most: how often, how well, how long. */
export function WorkflowTable({ figures }: { figures: Dashboard | undefined }) {
  return (
    <Card
      title="Workflows"
      aside={
        <Link className={`${classes.small} ${classes.cellLink}`} to="/workflows">
          All workflows
        </Link>
      }
    >
      {figures === undefined ? (
        <Skeleton height={200} />
      ) : figures.workflows.length === 0 ? (
        <Text size="sm" c="var(--exekra-quiet)">
          Nothing ran in this period.
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={820}>
          <Table verticalSpacing={5} fz="sm" layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Workflow</Table.Th>
                <Table.Th w={104} ta="right">
                  Executions
                </Table.Th>
                <Table.Th w={96}>Trend</Table.Th>
                <Table.Th w={72} ta="right">
                  Failed
                </Table.Th>
                <Table.Th w={84} ta="right">
                  Success
                </Table.Th>
                <Table.Th w={256}>Duration percentiles: 50, 95, 99</Table.Th>
                <Table.Th w={124}>Last</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {figures.workflows.map((workflow) => (
                <WorkflowRow key={workflow.id} workflow={workflow} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Card>
  );
}

function WorkflowRow({ workflow }: { workflow: Workflow }) {
  const { filter, failed, last } = workflow;
  const search = searchOf(filter);
  return (
    <Table.Tr>
      <Table.Td>
        <Link
          className={`${classes.cellLink} ${classes.truncated}`}
          to="/workflows/$workflowId"
          params={{ workflowId: workflow.id }}
          title={workflow.name}
        >
          {workflow.name}
        </Link>
      </Table.Td>
      <Table.Td ta="right">
        <Link className={classes.cellLink} to="/executions" search={search}>
          {workflow.executions.toLocaleString()}
        </Link>
      </Table.Td>
      <Table.Td>
        <MiniBars
          values={workflow.trend}
          color="blue"
          label={`Executions in each twelfth of the period: ${workflow.trend.join(", ")}`}
        />
      </Table.Td>
      <Table.Td ta="right">
        {failed === 0 ? (
          "0"
        ) : (
          <Link
            className={classes.cellLink}
            style={{ color: "var(--exekra-bad)" }}
            to="/executions"
            search={{ ...search, state: ["FAILED"] }}
          >
            {failed.toLocaleString()}
          </Link>
        )}
      </Table.Td>
      <Table.Td ta="right">{percentOf(workflow.success_rate)}</Table.Td>
      <Table.Td>
        <Spread workflow={workflow} />
      </Table.Td>
      <Table.Td>
        <Link className={classes.cellLink} to="/executions/$executionId" params={{ executionId: last.id }}>
          <StateBadge state={last.state} />
        </Link>
      </Table.Td>
    </Table.Tr>
  );
}

/** How durations spread: what half, 95 and 99 of 100 executions stay within. */
function Spread({ workflow }: { workflow: Workflow }) {
  const { seconds_p50: p50, seconds_p95: p95, seconds_p99: p99 } = workflow;
  if (p50 === null || p95 === null || p99 === null) return <span className={classes.small}>none completed</span>;
  const share = (seconds: number) => `${p99 === 0 ? 100 : (seconds / p99) * 100}%`;
  return (
    <div title={`Half within ${duration(p50)}, 95 of 100 within ${duration(p95)}, 99 of 100 within ${duration(p99)}`}>
      <Group gap={0} grow wrap="nowrap" fz="xs">
        <span>{duration(p50)}</span>
        <span style={{ textAlign: "center" }}>{duration(p95)}</span>
        <span style={{ textAlign: "right" }}>{duration(p99)}</span>
      </Group>
      <svg width="100%" height={5} aria-hidden style={{ display: "block", marginTop: 2 }}>
        <rect width="100%" height={5} rx={2} fill="var(--mantine-color-blue-light)" />
        <rect width={share(p95)} height={5} rx={2} fill="var(--mantine-color-blue-3)" />
        <rect width={share(p50)} height={5} rx={2} fill="var(--mantine-color-blue-filled)" />
      </svg>
    </div>
  );
}
