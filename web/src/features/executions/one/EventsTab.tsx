import { Anchor, Button, Group, MultiSelect, Skeleton, Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import classes from "@/features/executions/one/one.module.css";
import { EXECUTIONS, type ExecutionDetail } from "@/features/executions/queries";
import { isActive } from "@/features/executions/search";
import { api, dataOf } from "@/shared/api/client";
import type { Json } from "@/shared/flow/document";
import { clockTime } from "@/shared/format/time";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { JsonTree } from "@/shared/ui/JsonTree";

const PAGE_SIZE = 100;
const REFRESH_MILLISECONDS = 3_000;
const KINDS = [
  "execution.started",
  "node.entered",
  "node.left",
  "node.totals",
  "log",
  "checkpoint",
  "metric",
  "variable.changed",
  "debug.paused",
  "debug.resumed",
  "execution.finished",
];

/** All that the Runner reported, as it was stored. */
export function EventsTab({ execution, onNode }: { execution: ExecutionDetail; onNode: (node: string) => void }) {
  const [kinds, setKinds] = useState<string[]>([]);
  const events = useInfiniteQuery({
    queryKey: [...EXECUTIONS, "one", execution.id, "events", kinds],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      dataOf(
        api.GET("/api/executions/{execution_id}/events", {
          params: {
            path: { execution_id: execution.id },
            query: { limit: PAGE_SIZE, kind: kinds, ...(pageParam !== undefined && { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: ({ state }) =>
      isActive(execution.state) && (state.data?.pages.length ?? 0) <= 1 ? REFRESH_MILLISECONDS : false,
  });
  const rows = events.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <MultiSelect
        size="sm"
        w={360}
        mb="xs"
        aria-label="Kinds of events"
        placeholder={kinds.length === 0 ? "All kinds of events" : ""}
        data={KINDS}
        value={kinds}
        onChange={setKinds}
        clearable
        clearButtonProps={{ "aria-label": "All kinds" }}
      />
      {events.isError && <ErrorPanel error={events.error} onRetry={() => void events.refetch()} />}
      {events.isPending && <Skeleton height={400} />}
      {events.isSuccess && rows.length === 0 && (
        <Text size="sm" c="var(--exekra-quiet)">
          No events of this kind
        </Text>
      )}
      {rows.length > 0 && (
        <div className={classes.card} style={{ padding: 0 }}>
          <Table fz="sm" verticalSpacing={4} layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={72} ta="right">
                  No.
                </Table.Th>
                <Table.Th w={120}>Time</Table.Th>
                <Table.Th w={150}>Kind</Table.Th>
                <Table.Th w={150}>Node</Table.Th>
                <Table.Th>Content</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody style={{ verticalAlign: "top" }}>
              {rows.map(({ sequence, at, kind, event }) => {
                const { node, ...others } = event as Record<string, Json>;
                const content = Object.entries(others).filter(([name]) => name !== "event" && name !== "at");
                return (
                  <Table.Tr key={sequence}>
                    <Table.Td ta="right">{sequence.toLocaleString()}</Table.Td>
                    <Table.Td>{clockTime(at)}</Table.Td>
                    <Table.Td>{kind}</Table.Td>
                    <Table.Td>
                      {typeof node === "string" && (
                        <Anchor
                          component="button"
                          type="button"
                          size="sm"
                          truncate
                          maw="100%"
                          onClick={() => onNode(node)}
                        >
                          {node}
                        </Anchor>
                      )}
                    </Table.Td>
                    <Table.Td>
                      {content.length > 0 && <JsonTree name="content" value={Object.fromEntries(content)} open={0} />}
                    </Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {events.hasNextPage && (
        <Group justify="center" mt="sm">
          <Button variant="default" loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      )}
    </>
  );
}
