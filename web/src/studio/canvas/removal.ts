import { together } from "@/studio/model/edit";
import { disconnect } from "@/studio/model/edits/edges";
import { removeNotes } from "@/studio/model/edits/groups";
import { removeNodes, withInside } from "@/studio/model/edits/nodes";
import { NOTHING, type EditorStore } from "@/studio/state/editor";

/** Delete what is selected; blocks with all that stands inside them. Undo brings it back. */
export function removeSelection(store: EditorStore): void {
  const { flow, catalogue, selection } = store.getState();
  const count = withInside(flow, catalogue, selection.nodes).size;
  const edits = [disconnect(selection.edges), removeNotes(selection.notes), removeNodes(selection.nodes)];
  store.actions.perform(together(labelOf(count, selection.edges.length), edits));
  store.actions.select(NOTHING);
}

function labelOf(steps: number, edges: number): string {
  if (steps > 0) return steps === 1 ? "Delete step" : `Delete ${steps} steps`;
  return edges > 0 ? "Delete connection" : "Delete note";
}
