import { Drawer, Group, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { FiringState } from "@/features/triggers/FiringState";
import { type Firing, firingsQuery, type Trigger } from "@/features/triggers/queries";
import { WebhookCall } from "@/features/triggers/WebhookCall";
import { executionPage } from "@/shared/executions/links";
import { moment } from "@/shared/format/time";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { PageLink } from "@/shared/ui/links";

/** What came of a trigger, and for a webhook how it is called. */
export function HistoryDrawer({ trigger, onClose }: { trigger: Trigger | null; onClose: () => void }) {
  return (
    <Drawer
      opened={trigger !== null}
      onClose={onClose}
      title={trigger?.name}
      position="right"
      size="lg"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {trigger !== null && (
        <Stack>
          {trigger.kind === "webhook" && <WebhookCall trigger={trigger} />}
          <Text fw={600}>History</Text>
          <History id={trigger.id} kind={trigger.kind} />
        </Stack>
      )}
    </Drawer>
  );
}

function History({ id, kind }: { id: string; kind: Trigger["kind"] }) {
  const firings = useQuery(firingsQuery(id));
  if (firings.isError) return <ErrorPanel error={firings.error} onRetry={() => void firings.refetch()} />;
  if (firings.data?.items.length === 0) {
    return (
      <Text size="sm" c="var(--exekra-quiet)">
        {kind === "schedule" ? "It has not been due yet." : "Nobody has called it yet."}
      </Text>
    );
  }
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{kind === "schedule" ? "Due" : "Called"}</Table.Th>
          <Table.Th>Result</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {firings.data?.items.map((one) => (
          <Table.Tr key={one.id}>
            <Table.Td>{moment(one.due_at)}</Table.Td>
            <Table.Td>
              <Result firing={one} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Result({ firing }: { firing: Firing }) {
  return (
    <Group gap="xs">
      <FiringState firing={firing} />
      {firing.execution_id !== null && firing.execution_state !== null && (
        <PageLink {...executionPage(firing.execution_id)} size="sm">
          Execution
        </PageLink>
      )}
      {firing.message !== null && <Text size="sm">{firing.message}</Text>}
    </Group>
  );
}
