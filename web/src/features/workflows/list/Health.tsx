import { Text, Tooltip } from "@mantine/core";
import classes from "@/features/workflows/list/Health.module.css";
import type { Schemas } from "@/shared/api/client";
import { type ExecutionState, labelOf } from "@/shared/ui/StateBadge";

const SHOWN = 10;

/** How a workflow's newest executions ended, the newest on the right, and its success in the last 7 days. */
export function Health({ health }: { health: Schemas["WorkflowHealth"] }) {
  const states = [...health.last_10].reverse() as ExecutionState[];
  const rate = health.success_rate_7d;
  const words = states.length === 0 ? "Never run" : `Last ${states.length}: ${inWords(states)}`;
  const week = `${health.executions_7d.toLocaleString()} executions in 7 days, ${health.failed_7d.toLocaleString()} failed`;
  return (
    <Tooltip label={`${words}. ${week}.`} openDelay={300} multiline maw={320}>
      <div className={classes.health}>
        <span className={classes.bars} role="img" aria-label={words}>
          {Array.from({ length: SHOWN - states.length }, (_, index) => (
            <i key={`none-${index}`} className={classes.bar} data-state="NONE" />
          ))}
          {states.map((state, index) => (
            <i key={index} className={classes.bar} data-state={state} />
          ))}
        </span>
        <Text size="xs" className={classes.rate}>
          {rate === null ? "–" : percent(rate)}
        </Text>
      </div>
    </Tooltip>
  );
}

/** A rate from 0 to 1 for people: 100 % only when nothing failed. */
export function percent(rate: number): string {
  const hundredths = rate * 100;
  if (rate < 1 && hundredths > 99.9) return "99.9 %";
  return `${hundredths.toFixed(hundredths >= 99.95 || hundredths < 10 || Number.isInteger(hundredths) ? 0 : 1)} %`;
}

function inWords(states: readonly ExecutionState[]): string {
  const counts = new Map<ExecutionState, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${labelOf(state).toLowerCase()}`).join(", ");
}
