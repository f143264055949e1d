import {
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  type Icon,
} from "@tabler/icons-react";
import type { NodeRunState } from "@/shared/flow/runState";

const LOOKS: Record<NodeRunState["state"], { icon: Icon; color: string; label: string }> = {
  done: { icon: IconCircleCheck, color: "var(--exekra-good)", label: "done" },
  failed: { icon: IconCircleX, color: "var(--exekra-bad)", label: "failed" },
  running: { icon: IconPlayerPlay, color: "var(--mantine-color-blue-filled)", label: "running" },
  stopped: { icon: IconPlayerStop, color: "var(--exekra-quiet)", label: "stopped" },
  paused: { icon: IconPlayerPause, color: "var(--exekra-careful)", label: "paused" },
  skipped: { icon: IconCircleDashed, color: "var(--exekra-quiet)", label: "skipped" },
};

/** What became of a node: a picture with its word. */
export function NodeState({ state }: { state: NodeRunState["state"] }) {
  const { icon: Picture, color, label } = LOOKS[state];
  return <Picture size={16} color={color} aria-label={label} />;
}
