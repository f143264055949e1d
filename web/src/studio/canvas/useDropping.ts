import { useReactFlow } from "@xyflow/react";
import { useState, type DragEvent } from "react";
import { edgeKey, type Position } from "@/shared/flow/document";
import { analyseGraph, type Graph } from "@/shared/flow/graph";
import { pictureOf, unionOf, type Picture, type Rect } from "@/shared/flow/geometry";
import { insertActivity } from "@/studio/canvas/insertion";
import { onwardPort } from "@/studio/model/connections";
import type { Place } from "@/studio/core/canvasPort";
import { useStudio } from "@/studio/core/studio";
import type { EditorState } from "@/studio/state/editor";
import { ACTIVITY_TYPE, draggedActivity } from "@/studio/toolbox/dragging";
import { useRecent } from "@/studio/toolbox/useFavourites";

/** How far beside a body a step may be dropped and still count as dropped onto it. */
const MARGIN = 60;

/** Dropping a step from the toolbox: onto an edge, into an empty block, or anywhere else. */
export function useDropping() {
  const { store, canvas } = useStudio();
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
    const id = insertActivity(store, activity, placeAt(store.getState(), at, edgeUnder(event)));
    canvas.current?.begin(id);
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
  const picture = pictureOf(flow, catalogue, graph);
  return placeInBlock(state, graph, picture, at) ?? { kind: "free", at };
}

/** At the end of the body over which a step is dropped; where that body is empty, at its beginning. */
function placeInBlock({ flow, catalogue }: EditorState, graph: Graph, picture: Picture, at: Position): Place | null {
  const { rects, parts, hidden, depth } = picture;
  const isOver = (id: string) => {
    const rect = rects.get(id);
    return rect !== undefined && !hidden.has(id) && isInside(rect, at);
  };
  const blocks = [...parts].filter(([id, { shape }]) => shape === "block" && isOver(id));
  const [owner] = blocks.sort(([one], [other]) => (depth.get(other) ?? 0) - (depth.get(one) ?? 0))[0] ?? [];
  if (owner === undefined) return null;
  const bodies = graph.bodies.get(owner) ?? [];
  const over = bodies.find(({ nodes }) => {
    const around = unionOf(nodes.map((id) => rects.get(id)).filter((rect) => rect !== undefined));
    return around !== null && at.x > around.x - MARGIN && at.x < around.x + around.width + MARGIN;
  });
  const last = over?.nodes.findLast((id) => onwardPort(flow, catalogue, id) !== undefined);
  const onward = last === undefined ? undefined : onwardPort(flow, catalogue, last);
  if (last !== undefined && onward !== undefined) return { kind: "after", source: last, port: onward };
  const free = parts.get(owner)?.bodies.find((port) => bodies.every((body) => body.port !== port));
  const port = free ?? parts.get(owner)?.bodies[0];
  return port === undefined || over !== undefined ? null : { kind: "after", source: owner, port };
}

function isInside(rect: Rect, at: Position): boolean {
  return at.x > rect.x && at.x < rect.x + rect.width && at.y > rect.y && at.y < rect.y + rect.height;
}
