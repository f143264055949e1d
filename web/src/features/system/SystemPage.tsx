import { Alert, Button, Group, Paper, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle, IconRefresh, type Icon } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Background } from "@/features/system/Background";
import { Facts } from "@/features/system/Facts";
import classes from "@/features/system/system.module.css";
import { Usage } from "@/features/system/Usage";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { bytes } from "@/shared/format/bytes";
import { duration, moment } from "@/shared/format/time";
import { Ago } from "@/shared/ui/Ago";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { PageHeader } from "@/shared/ui/PageHeader";
import { PageLink } from "@/shared/ui/links";
import type { ExecutionState } from "@/shared/ui/StateBadge";

type System = Schemas["System"];

const AGAIN_MILLISECONDS = 10_000;

/** Whether the Hub, its database and its machine are well, and what an administrator should do. */
export function SystemPage() {
  const system = useQuery({
    queryKey: ["system"],
    queryFn: ({ signal }) => dataOf(api.GET("/api/system", { signal })),
    refetchInterval: AGAIN_MILLISECONDS,
  });
  return (
    <>
      <PageHeader
        title="System health"
        subtitle="The Hub, its database and its machine."
        actions={
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} />}
            loading={system.isFetching && !system.isPending}
            onClick={() => void system.refetch()}
          >
            Refresh
          </Button>
        }
      />
      {system.isError && <ErrorPanel error={system.error} onRetry={() => void system.refetch()} />}
      {system.isPending && <Skeleton height={520} role="status" aria-label="Loading" />}
      {system.data && <Details system={system.data} />}
    </>
  );
}

function Details({ system }: { system: System }) {
  const { database, disk, file_disk: files, work, clock, address } = system;
  return (
    <Stack>
      <Recommendations system={system} />
      <div className={classes.cards}>
        <Card title="Hub">
          <Facts
            facts={[
              ["Version", system.version],
              ["Uptime", `${duration(system.uptime_seconds)}, since ${moment(system.started_at)}`],
              ["Listening on", address.listens_on],
              ["HTTPS", address.https ? "Yes" : "No, this page was loaded over HTTP"],
              [
                "Sessions",
                address.secure_cookies ? "Cookies are sent over HTTPS only" : "Cookies are also sent over HTTP",
              ],
              ["Python", system.python],
              ["System", system.platform],
            ]}
          />
        </Card>
        <Card title="Work">
          <Facts
            facts={[
              ["Waiting", executionsIn(["QUEUED"], work.queued)],
              ["Underway", executionsIn(["ASSIGNED", "RUNNING"], work.underway)],
              ["Runners free", runnersIn("ONLINE", work.runners_online)],
              ["Runners busy", runnersIn("BUSY", work.runners_busy)],
              ["Runners offline", runnersIn("OFFLINE", work.runners_offline)],
              ["Runner versions", system.runner_versions.join(", ") || "none connected"],
            ]}
          />
        </Card>
        <Card title="Machine">
          <Usage
            label="Disk"
            used={disk.total_bytes - disk.free_bytes}
            most={disk.total_bytes}
            words={`${bytes(disk.free_bytes)} of ${bytes(disk.total_bytes)} free`}
          />
          {files && (
            <Usage
              label="Disk of files"
              used={files.total_bytes - files.free_bytes}
              most={files.total_bytes}
              words={`${bytes(files.free_bytes)} of ${bytes(files.total_bytes)} free`}
            />
          )}
          <Facts
            facts={[
              ["Data folder", disk.folder],
              ...(files ? [["Folder of files", files.folder] as const] : []),
              ["Clock", moment(clock.now)],
              ["Time zone", `${clock.time_zone} (UTC${offset(clock.utc_offset_minutes)})`],
              ["Database's clock", aheadWords(clock.database_ahead_seconds)],
            ]}
          />
        </Card>
        <Card title="Database">
          <Usage
            label="Connections"
            used={database.connections_used}
            most={database.connections_most}
            words={`${database.connections_used} of ${database.connections_most} connections, ${database.pool_used} of this Hub`}
          />
          <Facts
            facts={[
              ["PostgreSQL", `${database.version}${database.embedded ? ", kept by the Hub" : ", your own"}`],
              ["Size", bytes(database.size_bytes)],
              ["Response time", `${database.latency_ms.toFixed(1)} ms`],
              ["Schema", revisionWords(database)],
              ["Executions", database.executions === null ? "–" : `about ${database.executions.toLocaleString()}`],
              ["Stored events", database.events === null ? "–" : `about ${database.events.toLocaleString()}`],
            ]}
          />
        </Card>
      </div>
      <div className={classes.tables}>
        <Card title="Largest tables">
          <Tables tables={database.tables} />
        </Card>
        <Stack>
          <Card title="Hubs on this database">
            <Hubs hubs={system.hubs} />
          </Card>
          <Card title="Work in the background">
            <Background works={system.background} />
          </Card>
        </Stack>
      </div>
    </Stack>
  );
}

const LOOKS: Record<Schemas["Recommendation"]["severity"], { color: string; icon: Icon }> = {
  error: { color: "red", icon: IconAlertTriangle },
  warning: { color: "yellow", icon: IconAlertTriangle },
  info: { color: "blue", icon: IconInfoCircle },
};

function Recommendations({ system }: { system: System }) {
  if (system.recommendations.length === 0) {
    return (
      <Group gap="xs">
        <IconCircleCheck size={20} color="var(--mantine-color-teal-filled)" aria-hidden />
        <Text size="sm" fw={550}>
          No problems found.
        </Text>
      </Group>
    );
  }
  return (
    <Stack gap="xs">
      {system.recommendations.map(({ severity, text }) => {
        const { color, icon: Picture } = LOOKS[severity];
        return (
          <Alert key={text} color={color} variant="light" py="xs" icon={<Picture size={18} aria-label={severity} />}>
            {text}
          </Alert>
        );
      })}
    </Stack>
  );
}

function Card({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} fz="sm" mb="sm">
        {title}
      </Title>
      <Stack gap="sm">{children}</Stack>
    </Paper>
  );
}

function Tables({ tables }: { tables: Schemas["TableSize"][] }) {
  return (
    <Table fz="sm" verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Table</Table.Th>
          <Table.Th ta="right">Rows</Table.Th>
          <Table.Th ta="right">Size</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {tables.map((table) => (
          <Table.Tr key={table.name}>
            <Table.Td>{table.name}</Table.Td>
            <Table.Td ta="right">{table.rows === null ? "–" : table.rows.toLocaleString()}</Table.Td>
            <Table.Td ta="right">{bytes(table.bytes)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Hubs({ hubs }: { hubs: Schemas["HubProcess"][] }) {
  return (
    <Table fz="sm" verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Hub</Table.Th>
          <Table.Th>Last seen</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {hubs.map((hub) => (
          <Table.Tr key={hub.id}>
            <Table.Td>
              {hub.id.slice(0, 8)}
              {hub.is_this && " (this one)"}
            </Table.Td>
            <Table.Td>
              <Ago at={hub.seen_at} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function offset(minutes: number): string {
  const sign = minutes < 0 ? "−" : "+";
  const size = Math.abs(minutes);
  return `${sign}${String(Math.floor(size / 60)).padStart(2, "0")}:${String(size % 60).padStart(2, "0")}`;
}

function aheadWords(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 0.5) return "In sync";
  return `${duration(size)} ${seconds > 0 ? "ahead" : "behind"}`;
}

function revisionWords({ revision, newest_revision: newest }: Schemas["DatabaseState"]): string {
  return revision === newest ? `${revision}, up to date` : `${revision}, but ${newest} is required`;
}

function executionsIn(state: ExecutionState[], count: number) {
  return (
    <PageLink to="/executions" search={{ state }} inherit>
      {count.toLocaleString()}
    </PageLink>
  );
}

function runnersIn(state: Schemas["RunnerState"], count: number) {
  return (
    <PageLink to="/runners" search={{ state }} inherit>
      {count.toLocaleString()}
    </PageLink>
  );
}
