import { Group } from "@mantine/core";
import type { Schemas } from "@/shared/api/client";
import { WarningMark } from "@/shared/flow/WarningMark";
import { StateBadge } from "@/shared/ui/StateBadge";

type Execution = Pick<Schemas["ExecutionSummary"], "state" | "warnings">;

/** The state of an execution in a list, and beside it a mark where its steps wrote warnings. */
export function ExecutionStateCell({ execution }: { execution: Execution }) {
  return (
    <Group gap={6} wrap="nowrap">
      <StateBadge state={execution.state} />
      <WarningMark warned={{ warnings: execution.warnings }} />
    </Group>
  );
}
