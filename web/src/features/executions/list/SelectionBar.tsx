import { Button, Group, Paper, Text } from "@mantine/core";
import { IconPlayerStop, IconRotateClockwise, IconX } from "@tabler/icons-react";
import { executions, useListActions } from "@/features/executions/actions";
import classes from "@/features/executions/list/list.module.css";
import type { Execution } from "@/features/executions/queries";
import { isActive } from "@/features/executions/search";
import { confirmFirst } from "@/shared/ui/confirm";

/** What can be done with the selected executions. */
export function SelectionBar({ rows, onClear }: { rows: readonly Execution[]; onClear: () => void }) {
  const { stop, again } = useListActions();
  if (rows.length === 0) return null;
  const active = rows.filter((row) => isActive(row.state)).map((row) => row.id);
  const ended = rows.filter((row) => !isActive(row.state)).map((row) => row.id);
  return (
    <Paper className={classes.bar} withBorder role="region" aria-label="Selected executions">
      <Group gap="sm">
        <Text size="sm" fw={550}>
          {executions(rows.length)} selected
        </Text>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlayerStop size={14} />}
          disabled={active.length === 0}
          loading={stop.isPending}
          onClick={() =>
            confirmFirst({
              title: `Stop ${executions(active.length)}?`,
              text: "The runs end immediately. This cannot be undone.",
              label: "Stop",
              danger: true,
              action: () => stop.mutateAsync(active).then(onClear),
            })
          }
        >
          Stop {active.length > 0 && active.length}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRotateClockwise size={14} />}
          disabled={ended.length === 0}
          loading={again.isPending}
          onClick={() =>
            confirmFirst({
              title: `Run ${executions(ended.length)} again?`,
              text: "Each runs with the same inputs and the version of its workflow that is published now.",
              label: "Run again",
              action: () => again.mutateAsync(ended).then(onClear),
            })
          }
        >
          Run again {ended.length > 0 && ended.length}
        </Button>
        <Button size="xs" variant="subtle" color="gray" leftSection={<IconX size={14} />} onClick={onClear}>
          Clear
        </Button>
      </Group>
    </Paper>
  );
}
