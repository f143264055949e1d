import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconDeviceFloppy,
  IconHierarchy3,
  IconMaximize,
  IconPlus,
  IconSearch,
  IconZoomIn,
  IconZoomOut,
} from "@tabler/icons-react";
import { selectionCommands } from "@/studio/canvas/selectionCommands";
import { debugCommands } from "@/studio/debug/debugCommands";
import type { Command } from "@/studio/core/command";
import { versionCommands } from "@/studio/versions/versionCommands";
import { runCommands } from "@/studio/run/runCommands";
import { arrangeAll } from "@/studio/state/arranging";
import { isUnsaved, type EditorStore } from "@/studio/state/editor";

const ZOOM_STEP = 1.25;

/** From the selected step to the next one with a problem, errors before warnings, round and round. */
function goToNextProblem(store: EditorStore): void {
  const { problems, selection } = store.getState();
  const sorted = [...problems].sort((one, other) => one.severity.localeCompare(other.severity));
  const nodes = [...new Set(sorted.map(({ node }) => node))].filter((node) => typeof node === "string");
  const next = nodes[(nodes.indexOf(selection.nodes[0] ?? "") + 1) % nodes.length];
  if (next !== undefined) store.actions.revealNode(next);
}

/** Everything that one can do in Studio. A new command is an object here, or a list of them from another folder. */
export const commands: readonly Command[] = [
  {
    name: "save",
    label: "Save",
    icon: IconDeviceFloppy,
    keys: ["mod+S"],
    everywhere: true,
    place: "end",
    section: "File",
    changes: true,
    enabled: isUnsaved,
    run: ({ saving }) => void saving.save(),
  },
  {
    name: "undo",
    label: ({ history }) => ["Undo", history.past.at(-1)?.label.toLowerCase()].filter(Boolean).join(" "),
    icon: IconArrowBackUp,
    keys: ["mod+Z"],
    place: "start",
    section: "Edit",
    changes: true,
    enabled: ({ history }) => history.past.length > 0,
    run: ({ store }) => store.actions.undo(),
  },
  {
    name: "redo",
    label: ({ history }) => ["Redo", history.future[0]?.label.toLowerCase()].filter(Boolean).join(" "),
    icon: IconArrowForwardUp,
    keys: ["mod+shift+Z", "mod+Y"],
    place: "start",
    section: "Edit",
    changes: true,
    enabled: ({ history }) => history.future.length > 0,
    run: ({ store }) => store.actions.redo(),
  },
  {
    name: "insert",
    label: "Insert a step",
    icon: IconPlus,
    keys: ["/", "Insert"],
    place: "start",
    section: "Edit",
    changes: true,
    own: true,
    run: ({ canvas }) => canvas.current?.pick(),
  },
  {
    name: "arrange",
    label: "Arrange all steps",
    icon: IconHierarchy3,
    keys: ["shift+L"],
    place: "start",
    section: "Arrange",
    changes: true,
    own: true,
    enabled: ({ flow }) => Object.keys(flow.nodes).length > 0,
    run: (studio) => void arrangeAll(studio.store).then(() => studio.canvas.current?.fit()),
  },
  ...versionCommands,
  ...selectionCommands.map((command) => ({ ...command, own: true })),
  ...debugCommands,
  ...runCommands,
  {
    name: "search",
    label: "Find in the workflow",
    icon: IconSearch,
    keys: ["mod+F"],
    place: "start",
    section: "View",
    own: true,
    run: ({ canvas }) => canvas.current?.openSearch(),
  },
  {
    name: "next-problem",
    label: "Go to the next problem",
    keys: ["F8"],
    everywhere: true,
    section: "View",
    enabled: ({ problems }) => problems.some(({ node }) => node),
    run: ({ store }) => goToNextProblem(store),
  },
  {
    name: "fit",
    label: "Fit to screen",
    icon: IconMaximize,
    keys: ["shift+1"],
    section: "View",
    run: ({ canvas }) => canvas.current?.fit(),
  },
  {
    name: "zoom-in",
    label: "Zoom in",
    icon: IconZoomIn,
    keys: ["+", "="],
    section: "View",
    run: ({ canvas }) => canvas.current?.zoomBy(ZOOM_STEP),
  },
  {
    name: "zoom-out",
    label: "Zoom out",
    icon: IconZoomOut,
    keys: ["-"],
    section: "View",
    run: ({ canvas }) => canvas.current?.zoomBy(1 / ZOOM_STEP),
  },
];
