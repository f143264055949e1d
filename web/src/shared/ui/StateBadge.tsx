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
import classes from "@/shared/ui/StateBadge.module.css";

export type ExecutionState = Schemas["State"];

const LOOKS: Record<ExecutionState, { color: string; label: string; icon: Icon }> = {
  QUEUED: { color: "gray", label: "Queued", icon: IconClock },
  ASSIGNED: { color: "violet", label: "Assigned", icon: IconSend },
  RUNNING: { color: "blue", label: "Running", icon: IconPlayerPlay },
  COMPLETED: { color: "teal", label: "Completed", icon: IconCircleCheck },
  FAILED: { color: "red", label: "Failed", icon: IconCircleX },
  STOPPED: { color: "gray", label: "Stopped", icon: IconHandStop },
};

/** The colour of a state, as the charts use it too. */
export function colorOf(state: ExecutionState): string {
  return LOOKS[state].color;
}

/** The word for a state. */
export function labelOf(state: ExecutionState): string {
  return LOOKS[state].label;
}

/**
 * An execution's state: colour, picture and word, so that colour alone never carries it. It looks as the library's badge
 * does, but is a mere element: lists hold hundreds of them.
 */
export function StateBadge({ state, size = "sm" }: { state: ExecutionState; size?: "xs" | "sm" | "md" }) {
  const { color, label, icon: Picture } = LOOKS[state];
  const colors = {
    "--badge-bg": `var(--mantine-color-${color}-light)`,
    "--badge-color": `var(--mantine-color-${color}-light-color)`,
  };
  return (
    <span
      className={`exekra-badge ${classes.badge}`}
      data-color={color}
      data-size={size}
      style={colors as React.CSSProperties}
    >
      <Picture size={12} aria-hidden />
      {label}
    </span>
  );
}
