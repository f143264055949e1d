import { IconCopy, IconLayersSubtract, IconNote, IconToggleLeft, IconTrash } from "@tabler/icons-react";
import { copySelection, cutSelection, duplicateSelection, pasteClipboard } from "@/studio/canvas/clipboard";
import { removeSelection } from "@/studio/canvas/removal";
import { setSettings } from "@/studio/model/edits/fields";
import { addNote, group, ungroup } from "@/studio/model/edits/groups";
import { align, distribute, type Alignment } from "@/studio/model/edits/places";
import { boxesOf } from "@/studio/canvas/boxes";
import { nodeOf } from "@/shared/flow/document";
import type { Command } from "@/studio/core/command";
import type { EditorState } from "@/studio/state/editor";

const NOTE_SIZE = { width: 220, height: 120 };

const hasNodes = ({ selection }: EditorState) => selection.nodes.length > 0;
const hasAny = ({ selection }: EditorState) =>
  selection.nodes.length + selection.edges.length + selection.notes.length > 0;
const hasSeveral = ({ selection }: EditorState) => selection.nodes.length > 1;
const isOff = ({ flow, selection }: EditorState) =>
  selection.nodes.length > 0 && selection.nodes.every((id) => nodeOf(flow, id)?.enabled === false);

const ALIGNMENTS: readonly [Alignment, string][] = [
  ["left", "Align left"],
  ["center", "Align centres"],
  ["right", "Align right"],
  ["top", "Align top"],
  ["middle", "Align middles"],
  ["bottom", "Align bottom"],
];

/** What one can do with what is selected. */
export const selectionCommands: readonly Command[] = [
  {
    name: "copy",
    label: "Copy",
    icon: IconCopy,
    keys: ["mod+C"],
    byBrowser: true,
    section: "Edit",
    enabled: hasAny,
    run: copySelection,
  },
  {
    name: "cut",
    label: "Cut",
    keys: ["mod+X"],
    byBrowser: true,
    section: "Edit",
    changes: true,
    enabled: hasAny,
    run: cutSelection,
  },
  {
    name: "paste",
    label: "Paste",
    keys: ["mod+V"],
    byBrowser: true,
    section: "Edit",
    changes: true,
    run: (studio) => void pasteClipboard(studio),
  },
  {
    name: "duplicate",
    label: "Duplicate",
    icon: IconLayersSubtract,
    keys: ["mod+D"],
    section: "Edit",
    changes: true,
    enabled: hasNodes,
    run: ({ store }) => duplicateSelection(store),
  },
  {
    name: "delete",
    label: "Delete",
    icon: IconTrash,
    keys: ["Delete", "Backspace"],
    section: "Edit",
    changes: true,
    enabled: hasAny,
    run: ({ store }) => removeSelection(store),
  },
  {
    name: "select-all",
    label: "Select all",
    keys: ["mod+A"],
    section: "Edit",
    run: ({ store }) => {
      const { flow } = store.getState();
      store.actions.select({ nodes: Object.keys(flow.nodes), notes: Object.keys(flow.layout.notes) });
    },
  },
  {
    name: "enable",
    label: (state) => (isOff(state) ? "Enable" : "Disable"),
    icon: IconToggleLeft,
    keys: ["mod+E"],
    section: "Edit",
    changes: true,
    enabled: hasNodes,
    run: ({ store }) => {
      const state = store.getState();
      store.actions.perform(setSettings(state.selection.nodes, { enabled: isOff(state) }));
    },
  },
  {
    name: "note",
    label: "Add a note",
    icon: IconNote,
    keys: ["shift+N"],
    section: "Arrange",
    changes: true,
    run: ({ store, canvas }) => {
      const at = canvas.current?.centre() ?? { x: 0, y: 0 };
      store.actions.perform(addNote({ ...at, ...NOTE_SIZE, text: "" }));
    },
  },
  {
    name: "group",
    label: "Group",
    keys: ["mod+G"],
    section: "Arrange",
    changes: true,
    enabled: hasNodes,
    run: ({ store }) => store.actions.perform(group(store.getState().selection.nodes, "Group")),
  },
  {
    name: "ungroup",
    label: "Ungroup",
    keys: ["mod+shift+G"],
    section: "Arrange",
    changes: true,
    enabled: ({ flow, selection }) =>
      Object.values(flow.layout.groups).some(({ nodes }) => nodes.some((id) => selection.nodes.includes(id))),
    run: ({ store }) => {
      const { flow, selection } = store.getState();
      const touched = Object.entries(flow.layout.groups).filter(([, one]) =>
        one.nodes.some((id) => selection.nodes.includes(id)),
      );
      store.actions.perform(ungroup(touched.map(([id]) => id)));
    },
  },
  ...ALIGNMENTS.map(([to, label]): Command => ({
    name: `align-${to}`,
    label,
    section: "Arrange",
    changes: true,
    enabled: hasSeveral,
    run: ({ store }) => store.actions.perform(align(boxesOf(store.getState()), to)),
  })),
  ...(["x", "y"] as const).map((along): Command => ({
    name: `distribute-${along}`,
    label: along === "x" ? "Distribute horizontally" : "Distribute vertically",
    section: "Arrange",
    changes: true,
    enabled: ({ selection }) => selection.nodes.length > 2,
    run: ({ store }) => store.actions.perform(distribute(boxesOf(store.getState()), along)),
  })),
];
