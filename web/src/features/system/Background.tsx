import { Badge, Table, Text } from "@mantine/core";
import type { Schemas } from "@/shared/api/client";
import { Ago } from "@/shared/ui/Ago";

type Work = Schemas["WorkInBackground"];

/** What the Hub does all the time, where it failed since its start: how often, and its last error. */
export function Background({ works }: { works: Work[] }) {
  const failed = works.filter((work) => work.error !== null);
  if (failed.length === 0) {
    return (
      <Text size="sm">All {works.length} background tasks are running. None has failed since the Hub started.</Text>
    );
  }
  return (
    <Table fz="sm" verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Work</Table.Th>
          <Table.Th ta="right">Restarts</Table.Th>
          <Table.Th>Last error</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {failed.map((work) => (
          <Table.Tr key={work.name}>
            <Table.Td>
              {work.name}
              {work.failing && (
                <Badge ml="xs" color="red" size="xs">
                  failing
                </Badge>
              )}
            </Table.Td>
            <Table.Td ta="right">{work.restarts.toLocaleString()}</Table.Td>
            <Table.Td style={{ overflowWrap: "anywhere" }}>
              {work.error} {work.failed_at !== null && <Ago at={work.failed_at} />}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
