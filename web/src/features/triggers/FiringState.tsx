import { Badge, Tooltip } from "@mantine/core";
import type { Firing } from "@/features/triggers/queries";
import { type ExecutionState, StateBadge } from "@/shared/ui/StateBadge";

const WORDS: Record<Firing["state"], { label: string; color: string }> = {
  started: { label: "Started", color: "teal" },
  skipped: { label: "Skipped", color: "gray" },
  missed: { label: "Missed", color: "yellow" },
  refused: { label: "Refused", color: "red" },
};

/** What came of a time or a call: the state of its execution, or why there is none. */
export function FiringState({ firing }: { firing: Firing }) {
  if (firing.execution_state !== null) return <StateBadge state={firing.execution_state as ExecutionState} />;
  const { label, color } = WORDS[firing.state];
  return (
    <Tooltip label={firing.message} disabled={firing.message === null} multiline maw={360}>
      <Badge size="sm" variant="light" color={color} tt="none">
        {label}
      </Badge>
    </Tooltip>
  );
}
