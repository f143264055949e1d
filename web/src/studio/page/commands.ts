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
import type { Command } from "@/studio/page/command";
import { runCommands } from "@/studio/run/runCommands";
import { arrangeAll } from "@/studio/state/arranging";
import { isDirty } from "@/studio/state/editor";

const ZOOM_STEP = 1.25;

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
    enabled: isDirty,
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
    enabled: ({ flow }) => Object.keys(flow.nodes).length > 0,
    run: (studio) => void arrangeAll(studio.store).then(() => studio.canvas.current?.fit()),
  },
  ...selectionCommands,
  ...runCommands,
  {
    name: "search",
    label: "Find in the workflow",
    icon: IconSearch,
    keys: ["mod+F"],
    place: "start",
    section: "View",
    run: ({ canvas }) => canvas.current?.openSearch(),
  },
  {
    name: "fit",
    label: "Show everything",
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
