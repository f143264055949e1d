import { Group, Paper, Text, Title } from "@mantine/core";
import type { Runner } from "@/features/runners/one/queries";
import { Elapsed } from "@/shared/ui/Elapsed";
import { type ExecutionState, StateBadge } from "@/shared/ui/StateBadge";
import { PageLink } from "@/shared/ui/links";
import { executionPage } from "@/shared/executions/links";

/** What a Runner does now. */
export function CurrentWork({ runner }: { runner: Runner }) {
  const { execution } = runner;
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between">
        <Title order={2} fz="sm">
          Now
        </Title>
        {execution === null ? (
          <Text size="sm" c="var(--exekra-quiet)">
            {runner.state === "OFFLINE" ? "Not connected" : "Idle"}
          </Text>
        ) : (
          <Group gap="sm">
            <StateBadge state={execution.state as ExecutionState} />
            <PageLink {...executionPage(execution.id)} size="sm" fw={550}>
              {execution.workflow_name}
            </PageLink>
            <Text size="sm" c="var(--exekra-quiet)">
              <Elapsed since={execution.started_at} seconds={null} />
            </Text>
          </Group>
        )}
      </Group>
    </Paper>
  );
}
