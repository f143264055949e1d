import { Text } from "@mantine/core";
import { Labels } from "@/features/runners/Labels";
import { LoadBar } from "@/features/runners/LoadBar";
import { RunnerStateBadge, typeLabel } from "@/features/runners/RunnerStateBadge";
import type { Schemas } from "@/shared/api/client";
import { Ago } from "@/shared/ui/Ago";
import type { ListColumn } from "@/shared/ui/ListTable";
import { RowLink } from "@/shared/ui/RowLink";
import { PageLink } from "@/shared/ui/links";
import { executionPage } from "@/shared/executions/links";
import { runnerPage } from "@/shared/runners/links";

type Runner = Schemas["RunnerAnswer"];

/** The figures of a Runner that is away are of no use. */
function live(runner: Runner, value: number | null): number | null {
  return runner.state === "OFFLINE" ? null : value;
}

/** The columns of the list of Runners. */
export const runnerColumns: ListColumn<Runner>[] = [
  {
    accessor: "name",
    title: "Name",
    render: (runner) => (
      <>
        <RowLink {...runnerPage(runner.id)} title={runner.name}>
          {runner.name}
        </RowLink>
        <Text size="xs" c="var(--exekra-quiet)" truncate title={runner.host ?? undefined}>
          {runner.host ?? "never connected"}
        </Text>
      </>
    ),
  },
  {
    accessor: "state",
    title: "State",
    width: 120,
    render: (runner) => (
      <>
        <RunnerStateBadge state={runner.state} />
        {runner.problem !== null && runner.state !== "OFFLINE" ? (
          <Text size="xs" c="red" title={runner.problem}>
            cannot start executions
          </Text>
        ) : (
          <Text size="xs" c="var(--exekra-quiet)">
            {typeLabel(runner.type)}
          </Text>
        )}
      </>
    ),
  },
  { accessor: "labels", title: "Labels", width: "16%", render: (runner) => <Labels labels={runner.labels} /> },
  {
    accessor: "cpu_percent",
    title: "CPU",
    width: "10.9%",
    render: (runner) => <LoadBar label="CPU" percent={live(runner, runner.cpu_percent)} />,
  },
  {
    accessor: "memory_percent",
    title: "Memory",
    width: "10.9%",
    render: (runner) => <LoadBar label="Memory" percent={live(runner, runner.memory_percent)} {...memoryOf(runner)} />,
  },
  {
    accessor: "disk_percent",
    title: "Disk",
    width: "10.9%",
    render: (runner) => <LoadBar label="Disk" percent={live(runner, runner.disk_percent)} />,
  },
  {
    accessor: "execution_id",
    title: "Work",
    width: "9.7%",
    render: (runner) =>
      runner.execution_id === null ? (
        <Text size="sm" c="var(--exekra-quiet)">
          none
        </Text>
      ) : (
        <PageLink {...executionPage(runner.execution_id)} size="sm">
          execution
        </PageLink>
      ),
  },
  {
    accessor: "last_heartbeat_at",
    title: "Heartbeat",
    width: 120,
    render: (runner) => (
      <>
        <Text size="sm">
          <Ago at={runner.last_heartbeat_at} none="never" />
        </Text>
        <Text size="xs" c="var(--exekra-quiet)">
          {runner.version === null ? "" : `version ${runner.version}`}
        </Text>
      </>
    ),
  },
];

function memoryOf(runner: Runner): { detail?: string } {
  return runner.memory_used_mb === null ? {} : { detail: `${(runner.memory_used_mb / 1024).toFixed(1)} GB` };
}
