import { Code, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import type { Declared, Parameter } from "@/shared/flow/document";

interface Props {
  /** Undefined while it is on its way. */
  document: Readonly<Record<string, unknown>> | undefined;
}

/** What a workflow takes and gives. */
export function Interface({ document }: Props) {
  if (document === undefined) return <Skeleton height={180} />;
  return (
    <Paper withBorder p="sm">
      <Title order={2} fz="sm" mb={6}>
        Inputs
      </Title>
      <List items={document.inputs} none="No inputs" isInput />
      <Title order={2} fz="sm" mt="md" mb={6}>
        Outputs
      </Title>
      <List items={document.outputs} none="No outputs" />
    </Paper>
  );
}

function List({ items, none, isInput = false }: { items: unknown; none: string; isInput?: boolean }) {
  const entries = Object.entries((items ?? {}) as Record<string, Declared & Parameter>);
  if (entries.length === 0) {
    return (
      <Text size="sm" c="var(--exekra-quiet)">
        {none}
      </Text>
    );
  }
  return (
    <Stack gap={6} mah={180} style={{ overflowY: "auto" }}>
      {entries.map(([name, one]) => (
        <div key={name}>
          <Text size="sm" truncate title={name}>
            <Code>{name}</Code>{" "}
            <Text span size="xs" c="var(--exekra-quiet)">
              {one.type ?? "any"}
              {isInput && one.default === undefined ? ", required" : ""}
            </Text>
          </Text>
          {one.description && (
            <Text size="xs" c="var(--exekra-quiet)" lineClamp={2}>
              {one.description}
            </Text>
          )}
        </div>
      ))}
    </Stack>
  );
}
