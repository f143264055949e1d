import { IconFileImport, IconHistory, IconRocket } from "@tabler/icons-react";
import { told } from "@/shared/ui/told";
import type { Command } from "@/studio/core/command";
import type { Studio } from "@/studio/core/studio";
import { isDirty } from "@/studio/state/editor";
import { openVersionDialog } from "@/studio/versions/dialogs";

/** Downloads the version that is open. */
function download({ store }: Studio, format: "whole" | "json"): void {
  const state = store.getState();
  const link = document.createElement("a");
  link.href = `/api/workflows/${state.workflowId}/export?number=${state.basedOn}${format === "json" ? "&format=json" : ""}`;
  link.download = "";
  link.click();
  if (isDirty(state)) told(`Version ${state.basedOn} was exported. Unsaved changes are not included.`);
}

/** What has to do with versions, and with the workflow as a file. */
export const versionCommands: readonly Command[] = [
  {
    name: "publish",
    label: "Publish",
    icon: IconRocket,
    place: "end",
    section: "File",
    changes: true,
    enabled: ({ flow }) => Object.keys(flow.nodes).length > 0,
    run: () => openVersionDialog("publish"),
  },
  {
    name: "versions",
    label: "Versions",
    icon: IconHistory,
    place: "start",
    section: "File",
    run: () => openVersionDialog("versions"),
  },
  { name: "export", label: "Export", section: "File", run: (studio) => download(studio, "whole") },
  { name: "export-json", label: "Export as JSON", section: "File", run: (studio) => download(studio, "json") },
  {
    name: "import",
    label: "Import from a file",
    icon: IconFileImport,
    section: "File",
    changes: true,
    run: () => openVersionDialog("import"),
  },
];
