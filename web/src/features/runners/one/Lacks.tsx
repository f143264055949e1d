import { Code, Group, Paper, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import classes from "@/features/runners/one/one.module.css";
import type { Runner } from "@/features/runners/one/queries";

/** Which activities a Runner lacks, or has more than the Hub knows. */
export function Lacks({ runner }: { runner: Runner }) {
  const { catalogue } = runner;
  if (catalogue === null) return null;
  return (
    <Paper withBorder p="sm">
      <Title order={2} fz="sm" mb="sm">
        Activities
      </Title>
      {catalogue.lacks.length === 0 ? (
        <Group gap={6} wrap="nowrap">
          <IconCircleCheck size={18} color="var(--mantine-color-teal-filled)" aria-hidden />
          <Text size="sm">All activities are installed.</Text>
        </Group>
      ) : (
        <>
          <Group gap={6} wrap="nowrap" mb={6}>
            <IconAlertTriangle size={18} color="var(--mantine-color-yellow-filled)" aria-hidden />
            <Text size="sm">These activities are missing; workflows that use them wait for other Runners.</Text>
          </Group>
          <Names names={catalogue.lacks} label="Missing activities" />
        </>
      )}
      {catalogue.more.length > 0 && (
        <>
          <Text size="sm" mt="sm" mb={6}>
            It also has these:
          </Text>
          <Names names={catalogue.more} label="Activities that only this Runner has" />
        </>
      )}
    </Paper>
  );
}

function Names({ names, label }: { names: readonly string[]; label: string }) {
  return (
    <div className={classes.names} tabIndex={0} role="region" aria-label={label}>
      {names.map((name) => (
        <Code key={name}>{name}</Code>
      ))}
    </div>
  );
}
