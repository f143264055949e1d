import { Button } from "@mantine/core";
import { IconFilterOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { EmptyState } from "@/shared/ui/EmptyState";

/** What a list shows when its filters leave nothing, and the way back to all of it. */
export function NothingFits({
  what,
  text = "Use fewer or different filters.",
  onClear,
}: {
  /** One and all of what is listed, such as `["workflow", "workflows"]`. */
  what: [one: string, all: string];
  text?: ReactNode;
  onClear: () => void;
}) {
  return (
    <EmptyState
      icon={IconFilterOff}
      title={`No ${what[0]} matches these filters`}
      text={text}
      action={
        <Button variant="default" onClick={onClear}>
          Show all {what[1]}
        </Button>
      }
    />
  );
}
