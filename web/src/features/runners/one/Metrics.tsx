import { Group, Paper, SegmentedControl, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { metricsQuery, type Period, PERIODS, type Runner } from "@/features/runners/one/queries";
import { withGaps } from "@/features/runners/one/withGaps";
import { LazyLines } from "@/shared/charts/LazyCharts";
import { Legend, type Series } from "@/shared/charts/Legend";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

const route = getRouteApi("/pages/runners/$runnerId");
const WHOLE = 100;

/** CPU, memory and disk of a Runner's machine over time. */
export function Metrics({ runner }: { runner: Runner }) {
  const { period = "1h" } = route.useSearch();
  const navigate = route.useNavigate();
  const metrics = useQuery(metricsQuery(runner.id, period));
  const chart = useMemo(() => {
    if (metrics.data === undefined) return null;
    const points = withGaps(metrics.data.points, metrics.data.point_seconds);
    const series: Series[] = [
      { label: "CPU", color: "blue", values: points.map((one) => one.cpu_percent) },
      { label: "Memory", color: "grape", values: points.map((one) => one.memory_percent) },
      { label: "Disk", color: "gray", values: points.map((one) => one.disk_percent) },
    ];
    return { times: points.map(({ at }) => at), series };
  }, [metrics.data]);
  return (
    <Paper withBorder p="sm" component="section">
      <Group justify="space-between" mb="xs">
        <Title order={2} fz="sm">
          Machine
        </Title>
        <Group gap="md">
          {chart && <Legend series={chart.series} />}
          <SegmentedControl
            aria-label="Period"
            size="xs"
            value={period}
            data={(Object.keys(PERIODS) as Period[]).map((one) => ({ value: one, label: one.replace("h", " h") }))}
            onChange={(value) => void navigate({ search: { period: value as Period }, replace: true })}
          />
        </Group>
      </Group>
      {metrics.isError && <ErrorPanel error={metrics.error} onRetry={() => void metrics.refetch()} />}
      {metrics.isPending && <Skeleton height={200} />}
      {chart && chart.times.length === 0 && (
        <Text size="sm" c="var(--exekra-quiet)" py="xl" ta="center">
          There were no heartbeats in this period.
        </Text>
      )}
      {chart && chart.times.length > 0 && (
        <LazyLines
          label="CPU, memory and disk in percent"
          times={chart.times}
          series={chart.series}
          height={200}
          least={WHOLE}
          format={(value) => `${Math.round(value)} %`}
          filled={false}
        />
      )}
    </Paper>
  );
}
