import { Badge, Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { Runner } from "@/features/runners/one/queries";
import { Ago } from "@/shared/ui/Ago";

/** What a Runner does all the time and has failed since it was started; nothing where nothing has. */
export function Failures({ failures }: { failures: Runner["failures"] }) {
  if (failures.length === 0) return null;
  return (
    <Paper withBorder p="sm">
      <Title order={2} fz="sm" mb="sm">
        Failures
      </Title>
      <Stack gap={6}>
        {failures.map((failure) => (
          <div key={failure.name}>
            <Group gap="xs">
              <Text size="sm">{failure.name}</Text>
              {failure.failing && (
                <Badge color="red" size="xs">
                  failing
                </Badge>
              )}
            </Group>
            <Text size="xs" c="var(--exekra-quiet)">
              {failure.error}, restarted {times(failure.restarts)}, last <Ago at={failure.failed_at} />
            </Text>
          </div>
        ))}
      </Stack>
    </Paper>
  );
}

function times(count: number): string {
  return count === 1 ? "once" : `${count.toLocaleString()} times`;
}
