import { Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import classes from "@/features/executions/one/one.module.css";
import { type ExecutionDetail, metricsQuery } from "@/features/executions/queries";
import { isActive } from "@/features/executions/search";
import { LazyLines } from "@/shared/charts/LazyCharts";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

const REFRESH_MILLISECONDS = 5_000;

/** How much processor and memory an execution used. */
export function MetricsTab({ execution }: { execution: ExecutionDetail }) {
  const query = useQuery({
    ...metricsQuery(execution.id),
    refetchInterval: isActive(execution.state) ? REFRESH_MILLISECONDS : false,
  });
  const samples = query.data?.items;
  const charts = useMemo(
    () =>
      samples && {
        times: samples.map((one) => one.at),
        cpu: [{ label: "CPU", color: "blue", values: samples.map((one) => one.cpu_percent) }],
        memory: [{ label: "Memory", color: "violet", values: samples.map((one) => one.memory_mb) }],
      },
    [samples],
  );
  if (query.isError && samples === undefined) {
    return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (charts === undefined) return <Skeleton height={420} />;
  if (charts.times.length === 0) {
    return (
      <Text size="sm" c="var(--exekra-quiet)">
        The Runner measures every 5 seconds; there is no sample{" "}
        {isActive(execution.state) ? "yet" : "of a run as short"}.
      </Text>
    );
  }
  const cpu = (value: number) => `${Math.round(value).toLocaleString()} %`;
  const memory = (value: number) => `${Math.round(value).toLocaleString()} MB`;
  return (
    <Stack gap="sm">
      <Chart
        title="CPU"
        text={`average ${known(execution.cpu_average, cpu)}, peak ${known(execution.cpu_peak, cpu)} of one core`}
      >
        <LazyLines label="CPU over time" times={charts.times} series={charts.cpu} format={cpu} least={20} />
      </Chart>
      <Chart
        title="Memory"
        text={`average ${known(execution.memory_average, memory)}, peak ${known(execution.memory_peak, memory)}`}
      >
        <LazyLines label="Memory over time" times={charts.times} series={charts.memory} format={memory} least={64} />
      </Chart>
    </Stack>
  );
}

function Chart({ title, text, children }: { title: string; text: string; children: React.ReactNode }) {
  return (
    <section className={classes.card} aria-label={title}>
      <Title order={2} size="sm">
        {title}{" "}
        <Text span size="xs" c="var(--exekra-quiet)" fw={400}>
          {text}
        </Text>
      </Title>
      {children}
    </section>
  );
}

function known(value: number | null, format: (value: number) => string): string {
  return value === null ? "not known" : format(value);
}
