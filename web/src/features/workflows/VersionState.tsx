import { Badge } from "@mantine/core";
import { IconArchive, IconCircleCheck, IconPencil, type Icon } from "@tabler/icons-react";
import type { Schemas } from "@/shared/api/client";

type State = Schemas["VersionAnswer"]["state"];

const LOOKS: Record<State, { label: string; color: string; icon: Icon }> = {
  draft: { label: "Draft", color: "yellow", icon: IconPencil },
  published: { label: "Published", color: "teal", icon: IconCircleCheck },
  superseded: { label: "Superseded", color: "gray", icon: IconArchive },
};

/** Whether a version is a draft, the published one, or was it before. */
export function VersionState({ state, text }: { state: State; text?: string }) {
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
      {text ?? label}
    </Badge>
  );
}
