import { Paper, Stack, Text, Title } from "@mantine/core";
import { LoadBar } from "@/features/runners/LoadBar";
import type { Runner } from "@/features/runners/one/queries";
import classes from "@/features/runners/one/one.module.css";
import { moment } from "@/shared/format/time";
import { Ago } from "@/shared/ui/Ago";

/** What is known of a Runner's machine. */
export function RunnerFacts({ runner }: { runner: Runner }) {
  const away = runner.state === "OFFLINE";
  const memory = runner.memory_used_mb;
  const loads = [
    { label: "CPU", percent: runner.cpu_percent },
    { label: "Memory", percent: runner.memory_percent, ...(memory === null ? {} : { detail: gigabytes(memory) }) },
    { label: "Disk", percent: runner.disk_percent },
  ];
  const facts: [string, React.ReactNode][] = [
    ["Machine", runner.host ?? "–"],
    ["System", runner.platform ?? "–"],
    ["Version", runner.version ?? "–"],
    ["Heartbeat", <Ago key="at" at={runner.last_heartbeat_at} none="never" />],
    ["Machine Key", runner.machine_key],
    ["Registered", moment(runner.created_at)],
  ];
  return (
    <Paper withBorder p="sm">
      <Title order={2} fz="sm" mb="sm">
        Details
      </Title>
      {!away && (
        <Stack gap={6} mb="sm">
          {loads.map((load) => (
            <div key={load.label} className={classes.load}>
              <Text size="sm" c="var(--exekra-quiet)">
                {load.label}
              </Text>
              <LoadBar {...load} />
            </div>
          ))}
        </Stack>
      )}
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name} className={classes.fact}>
            <dt>{name}</dt>
            <dd title={typeof value === "string" ? value : undefined}>{value}</dd>
          </div>
        ))}
      </dl>
    </Paper>
  );
}

function gigabytes(megabytes: number): string {
  return `${(megabytes / 1024).toFixed(1)} GB`;
}
