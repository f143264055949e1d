import { Badge } from "@mantine/core";
import { IconCircleCheck, IconPlayerPlay, IconPlugConnectedX, type Icon } from "@tabler/icons-react";
import type { Schemas } from "@/shared/api/client";

type State = Schemas["RunnerState"];

const LOOKS: Record<State, { label: string; color: string; icon: Icon }> = {
  ONLINE: { label: "Online", color: "teal", icon: IconCircleCheck },
  BUSY: { label: "Busy", color: "blue", icon: IconPlayerPlay },
  OFFLINE: { label: "Offline", color: "gray", icon: IconPlugConnectedX },
};

/** Whether a Runner is there, and whether it works. */
export function RunnerStateBadge({ state }: { state: State }) {
  const { label, color, icon: Picture } = LOOKS[state];
  return (
    <Badge
      className="exekra-badge"
      data-color={color}
      variant="light"
      color={color}
      size="sm"
      radius="sm"
      tt="none"
      leftSection={<Picture size={12} aria-hidden />}
    >
      {label}
    </Badge>
  );
}

/** The word for a Runner's type. */
export function typeLabel(type: Schemas["RunnerType"]): string {
  return type === "ATTENDED" ? "Attended" : "Unattended";
}
