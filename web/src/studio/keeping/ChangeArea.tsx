import { ScrollArea } from "@mantine/core";
import { ChangeList } from "@/shared/changes/ChangeList";
import type { Changes } from "@/shared/changes/changes";

/** What differs between two flows, in a box of its own. */
export function ChangeArea({ changes, label }: { changes: Changes; label: string }) {
  return (
    <ScrollArea.Autosize
      mah={280}
      type="auto"
      scrollbars="y"
      viewportProps={{ tabIndex: 0, role: "region", "aria-label": label }}
    >
      <ChangeList changes={changes} />
    </ScrollArea.Autosize>
  );
}
