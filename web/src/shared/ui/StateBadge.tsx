import { Badge } from "@mantine/core";
import {
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconHandStop,
  IconPlayerPlay,
  IconSend,
  type Icon,
} from "@tabler/icons-react";
import type { Schemas } from "@/shared/api/client";

export type ExecutionState = Schemas["State"];

const LOOKS: Record<ExecutionState, { color: string; label: string; icon: Icon }> = {
  QUEUED: { color: "gray", label: "Queued", icon: IconClock },
  ASSIGNED: { color: "violet", label: "Assigned", icon: IconSend },
  RUNNING: { color: "blue", label: "Running", icon: IconPlayerPlay },
  COMPLETED: { color: "teal", label: "Completed", icon: IconCircleCheck },
  FAILED: { color: "red", label: "Failed", icon: IconCircleX },
  STOPPED: { color: "yellow", label: "Stopped", icon: IconHandStop },
};

/** The colour of a state, as the charts use it too. */
export function colorOf(state: ExecutionState): string {
  return LOOKS[state].color;
}

/** The word for a state. */
export function labelOf(state: ExecutionState): string {
  return LOOKS[state].label;
}

/** An execution's state: colour, picture and word, so that colour alone never carries it. */
export function StateBadge({ state, size = "sm" }: { state: ExecutionState; size?: "xs" | "sm" | "md" }) {
  const { color, label, icon: Picture } = LOOKS[state];
  return (
    <Badge
      className="exekra-badge"
      data-color={color}
      variant="light"
      color={color}
      size={size}
      radius="sm"
      tt="none"
      leftSection={<Picture size={12} aria-hidden />}
    >
      {label}
    </Badge>
  );
}
