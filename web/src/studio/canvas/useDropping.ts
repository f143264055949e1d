import { useReactFlow } from "@xyflow/react";
import { useState, type DragEvent } from "react";
import { edgeKey, type Position } from "@/shared/flow/document";
import { analyseGraph } from "@/shared/flow/graph";
import { pictureOf } from "@/shared/flow/geometry";
import { insertActivity } from "@/studio/canvas/insertion";
import type { Place } from "@/studio/page/studio";
import { useEditorStore, type EditorState } from "@/studio/state/editor";
import { ACTIVITY_TYPE, draggedActivity } from "@/studio/toolbox/dragging";
import { useRecent } from "@/studio/toolbox/useFavourites";

/** Dropping a step from the toolbox: onto an edge, into an empty block, or anywhere else. */
export function useDropping() {
  const store = useEditorStore();
  const { screenToFlowPosition } = useReactFlow();
  const [edge, setEdge] = useState<string | null>(null);
  const [, remember] = useRecent();
  const onDragOver = (event: DragEvent) => {
    if (draggedActivity() === null || store.getState().readOnly) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    setEdge(edgeUnder(event));
  };
  const onDragLeave = () => setEdge(null);
  const onDrop = (event: DragEvent) => {
    const activity = event.dataTransfer.getData(ACTIVITY_TYPE);
    setEdge(null);
    if (activity === "" || store.getState().readOnly) return;
    event.preventDefault();
    const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    remember(activity);
    insertActivity(store, activity, placeAt(store.getState(), at, edgeUnder(event)));
  };
  return { edge, onDragOver, onDragLeave, onDrop };
}

function edgeUnder(event: DragEvent): string | null {
  for (const element of document.elementsFromPoint(event.clientX, event.clientY)) {
    const edge = element.closest(".react-flow__edge");
    if (edge !== null) return edge.getAttribute("data-id");
  }
  return null;
}

function placeAt(state: EditorState, at: Position, edge: string | null): Place {
  const { flow, catalogue } = state;
  if (edge !== null && flow.edges.some((other) => edgeKey(other) === edge)) return { kind: "edge", edge };
  const graph = analyseGraph(flow, catalogue);
  const { rects, parts, hidden } = pictureOf(flow, catalogue, graph);
  for (const [id, one] of parts) {
    const [port] = one.bodies;
    const rect = rects.get(id);
    if (port === undefined || rect === undefined || hidden.has(id) || graph.bodies.has(id)) continue;
    const inside = at.x > rect.x && at.x < rect.x + rect.width && at.y > rect.y && at.y < rect.y + rect.height;
    if (inside) return { kind: "after", source: id, port };
  }
  return { kind: "free", at };
}
