import { Badge, Group, ScrollArea, Stack, Text } from "@mantine/core";
import type { Change } from "@/studio/model/compare";

const COLORS = { added: "teal", removed: "red", changed: "yellow" } as const;
const WORDS = { added: "Added", removed: "Deleted", changed: "Changed" } as const;
const MOST = 200;

/** What differs between two flows, one line each. */
export function ChangeList({
  changes,
  label,
  height = 180,
}: {
  changes: readonly Change[];
  label: string;
  height?: number;
}) {
  if (changes.length === 0) {
    return (
      <Text size="sm" c="var(--exekra-quiet)">
        Nothing differs.
      </Text>
    );
  }
  return (
    <ScrollArea.Autosize
      mah={height}
      type="auto"
      scrollbars="y"
      viewportProps={{ tabIndex: 0, role: "region", "aria-label": label }}
    >
      <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
        {changes.slice(0, MOST).map(({ part, id, change, fields }) => (
          <Group key={`${part}:${id}:${change}`} component="li" gap="xs" wrap="nowrap">
            <Badge
              className="exekra-badge"
              data-color={COLORS[change]}
              color={COLORS[change]}
              variant="light"
              size="sm"
              radius="sm"
              tt="none"
              w={76}
              flex="none"
            >
              {WORDS[change]}
            </Badge>
            <Text size="sm" truncate title={wordsFor(part, id, fields)}>
              {wordsFor(part, id, fields)}
            </Text>
          </Group>
        ))}
        {changes.length > MOST && <Text size="sm">And {changes.length - MOST} more.</Text>}
      </Stack>
    </ScrollArea.Autosize>
  );
}

function wordsFor(part: Change["part"], id: string, fields: readonly string[]): string {
  if (part === "picture") return "Where things stand on the canvas, notes and breakpoints";
  const name = part === "property" ? `the workflow's ${id}` : `${part} ${id}`;
  return fields.length > 0 ? `${name}: ${fields.map((field) => field.replaceAll("_", " ")).join(", ")}` : name;
}
