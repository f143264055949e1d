import { Badge, Group } from "@mantine/core";

/** A workflow's tags as quiet badges. */
export function Tags({ tags, most }: { tags: readonly string[]; most?: number }) {
  const shown = most === undefined ? tags : tags.slice(0, most);
  const more = tags.length - shown.length;
  return (
    <Group gap={4} title={tags.join(", ")}>
      {shown.map((tag) => (
        <Badge key={tag} variant="default" size="sm" radius="sm" tt="none" fw={500} maw={140}>
          {tag}
        </Badge>
      ))}
      {more > 0 && (
        <Badge variant="default" size="sm" radius="sm" tt="none" fw={500}>
          +{more}
        </Badge>
      )}
    </Group>
  );
}
