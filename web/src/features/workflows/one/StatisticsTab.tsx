import { Group, Paper, Progress, SegmentedControl, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { Figures } from "@/features/workflows/one/Figures";
import classes from "@/features/workflows/one/one.module.css";
import { statisticsQuery } from "@/features/workflows/one/statistics";
import type { Workflow } from "@/shared/workflows/queries";
import type { Schemas } from "@/shared/api/client";
import { DURATION_STEPS } from "@/shared/charts/axes";
import { LazyLines, LazyStackedBars } from "@/shared/charts/LazyCharts";
import { Legend, type Series } from "@/shared/charts/Legend";
import { RANGES } from "@/shared/format/ranges";
import { duration, moment, momentAs, shortDuration } from "@/shared/format/time";
import { Ago } from "@/shared/ui/Ago";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { colorOf } from "@/shared/ui/StateBadge";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";
import { PageLink } from "@/shared/ui/links";
import { executionPage } from "@/shared/executions/links";

const route = getRouteApi("/pages/workflows/$workflowId");
const PERIODS = ["24h", "7d", "30d"] as const;
const DAY: Intl.DateTimeFormatOptions = { month: "short", day: "numeric" };
const DAY_AND_HOUR: Intl.DateTimeFormatOptions = {
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
};
const HOUR: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** How a workflow did over time, which nodes are slow, and why it failed. */
export function StatisticsTab({ workflow }: { workflow: Workflow }) {
  const { range = "7d" } = route.useSearch();
  const navigate = route.useNavigate();
  const statistics = useQuery(statisticsQuery(workflow.id, range));
  return (
    <Stack gap="md">
      <Group justify="flex-end">
        <SegmentedControl
          aria-label="Period"
          size="xs"
          value={range}
          data={PERIODS.map((period) => ({ value: period, label: RANGES[period].label }))}
          onChange={(value) =>
            void navigate({ search: { tab: "statistics", range: value as typeof range }, replace: true })
          }
        />
      </Group>
      <Figures workflow={workflow} range={range} />
      {statistics.isError && <ErrorPanel error={statistics.error} onRetry={() => void statistics.refetch()} />}
      {statistics.isPending && <Skeleton height={560} />}
      {statistics.data && <Details statistics={statistics.data} />}
    </Stack>
  );
}

function Details({ statistics }: { statistics: Schemas["WorkflowStatistics"] }) {
  const charts = useMemo(() => chartsOf(statistics), [statistics]);
  return (
    <div className={classes.statistics}>
      <Paper withBorder p="sm">
        <Group justify="space-between" mb="xs">
          <Title order={2} fz="sm">
            Executions
          </Title>
          <Legend series={charts.counts} />
        </Group>
        <LazyStackedBars
          label="Executions over time by state"
          names={charts.names}
          heads={charts.heads}
          series={charts.counts}
        />
      </Paper>
      <Paper withBorder p="sm">
        <Group justify="space-between" mb="xs">
          <Title order={2} fz="sm">
            Duration
          </Title>
          <Legend series={charts.durations} />
        </Group>
        <LazyLines
          label="Duration over time"
          times={charts.times}
          series={charts.durations}
          height={220}
          format={shortDuration}
          steps={DURATION_STEPS}
          filled={false}
        />
      </Paper>
      <Paper withBorder p="sm">
        <Title order={2} fz="sm" mb="xs">
          Slowest nodes
        </Title>
        <SlowNodes statistics={statistics} />
      </Paper>
      <Paper withBorder p="sm">
        <Title order={2} fz="sm" mb="xs">
          Why it failed
        </Title>
        <Failures statistics={statistics} />
      </Paper>
    </div>
  );
}

const DAY_MILLISECONDS = 86_400_000;

/** How the moments of a period are written below a chart. */
function labelsOf({ since, until, bucket }: Schemas["WorkflowStatistics"]): Intl.DateTimeFormatOptions {
  if (bucket === "day" || bucket === "week") return DAY;
  return Date.parse(until) - Date.parse(since) > DAY_MILLISECONDS ? DAY_AND_HOUR : HOUR;
}

function chartsOf(statistics: Schemas["WorkflowStatistics"]) {
  const { over_time: buckets } = statistics;
  const labels = labelsOf(statistics);
  const counts: Series[] = [
    { label: "Completed", color: colorOf("COMPLETED"), values: buckets.map((one) => one.completed) },
    { label: "Failed", color: colorOf("FAILED"), values: buckets.map((one) => one.failed) },
    { label: "Stopped", color: colorOf("STOPPED"), values: buckets.map((one) => one.stopped) },
  ];
  const durations: Series[] = [
    { label: "Median", color: "blue", values: buckets.map((one) => one.seconds_p50) },
    { label: "95th percentile", color: "grape", values: buckets.map((one) => one.seconds_p95) },
  ];
  return {
    counts,
    durations,
    times: buckets.map((one) => one.begins),
    names: buckets.map((one) => momentAs(one.begins, labels)),
    heads: buckets.map((one) => `${moment(one.begins)} to ${momentAs(one.ends, HOUR)}`),
  };
}

const MOST_NODES = 12;

function SlowNodes({ statistics }: { statistics: Schemas["WorkflowStatistics"] }) {
  if (statistics.nodes.length === 0)
    return <Quiet>No execution of this period reported how long its nodes took.</Quiet>;
  return (
    <>
      <Table verticalSpacing={6} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Node</Table.Th>
            <Table.Th w={170}>Share of the time</Table.Th>
            <Table.Th ta="right">Each time</Table.Th>
            <Table.Th ta="right">Failures</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {statistics.nodes.slice(0, MOST_NODES).map((node) => (
            <Table.Tr key={node.node}>
              <Table.Td maw={180}>
                <Text inherit truncate title={node.node}>
                  {node.node}
                </Text>
              </Table.Td>
              <Table.Td>{node.share === null ? "–" : <Share share={node.share} />}</Table.Td>
              <Table.Td ta="right">{duration(node.seconds_average)}</Table.Td>
              <Table.Td ta="right">{node.failures.toLocaleString()}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Quiet>Of the newest {statistics.measured.toLocaleString()} executions.</Quiet>
    </>
  );
}

function Share({ share }: { share: number }) {
  const words = `${Math.round(share * 100)} %`;
  return (
    <div className={classes.share}>
      <Progress.Root size={6} flex={1}>
        <Progress.Section value={share * 100} aria-label={`Share of the time: ${words}`} />
      </Progress.Root>
      <Text size="xs" w={40} ta="right">
        {words}
      </Text>
    </div>
  );
}

function Failures({ statistics }: { statistics: Schemas["WorkflowStatistics"] }) {
  if (statistics.failures.length === 0) return <Quiet>Nothing failed in this period.</Quiet>;
  return (
    <Stack gap="xs">
      {statistics.failures.map((failure) => (
        <Group key={failure.execution_id} wrap="nowrap" align="flex-start" gap="sm">
          <Text size="sm" fw={600} w={36} ta="right">
            {failure.count.toLocaleString()}
          </Text>
          <div style={{ minWidth: 0 }}>
            <Text size="sm" lineClamp={2} title={failure.message ?? undefined}>
              <PlainMarkup text={failure.message ?? failure.type ?? ""} />
            </Text>
            <Text size="xs" c="var(--exekra-quiet)">
              {failure.node !== null && `at ${failure.node}, `}
              <PageLink {...executionPage(failure.execution_id)} inherit>
                latest <Ago at={failure.latest_at} />
              </PageLink>
            </Text>
          </div>
        </Group>
      ))}
    </Stack>
  );
}

function Quiet({ children }: { children: React.ReactNode }) {
  return (
    <Text size="sm" c="var(--exekra-quiet)" mt="xs">
      {children}
    </Text>
  );
}
