import { Button, Code, Group, Stack, Table, Text } from "@mantine/core";
import type { Entry, Filters } from "@/features/audit/queries";
import { Thing } from "@/features/audit/Thing";
import { actorWords } from "@/features/audit/words";
import { moment } from "@/shared/format/time";

/** All that is known of one entry, and ways to similar ones. */
export function EntryDetails({ entry, onFilter }: { entry: Entry; onFilter: (change: Filters) => void }) {
  const { actor_id: actor, resource_id: resource } = entry;
  const rows: [string, React.ReactNode][] = [
    ["When", moment(entry.at, true)],
    ["Who", actorWords(entry)],
    ["What", entry.action],
    [
      "On",
      <Text key="on" inherit style={{ overflowWrap: "anywhere" }}>
        {entry.resource} <Thing entry={entry} />
        {resource !== null && (
          <Code display="block" mt={2}>
            {resource}
          </Code>
        )}
      </Text>,
    ],
    ["Address", entry.ip ?? "–"],
  ];
  return (
    <Stack>
      <Table variant="vertical" fz="sm" withTableBorder layout="fixed">
        <Table.Tbody>
          {rows.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th w={110}>{name}</Table.Th>
              <Table.Td style={{ overflowWrap: "anywhere" }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {entry.details !== null && (
        <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {JSON.stringify(entry.details, null, 2)}
        </Code>
      )}
      <Group gap="xs">
        {actor !== null && (
          <Button size="xs" variant="default" onClick={() => onFilter({ actor_id: actor })}>
            Everything this person did
          </Button>
        )}
        {resource !== null && (
          <Button size="xs" variant="default" onClick={() => onFilter({ resource_id: resource })}>
            Everything about this item
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => onFilter({ action: entry.action })}>
          All actions of this kind
        </Button>
      </Group>
    </Stack>
  );
}
