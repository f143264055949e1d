import { Badge, Group } from "@mantine/core";

const MOST_SHOWN = 4;

/** A Runner's labels as quiet badges. */
export function Labels({ labels, all = false }: { labels: readonly string[]; all?: boolean }) {
  const shown = all ? labels : labels.slice(0, MOST_SHOWN);
  const more = labels.length - shown.length;
  return (
    <Group gap={4} {...(all ? {} : { title: labels.join(", ") })}>
      {shown.map((label) => (
        <Badge key={label} variant="default" size="sm" radius="sm" tt="none" fw={500} maw={140}>
          {label}
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
