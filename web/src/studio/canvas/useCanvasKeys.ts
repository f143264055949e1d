import { useEffect, type RefObject } from "react";
import { nodeOf, type Flow } from "@/shared/flow/document";
import { placeOf } from "@/shared/flow/geometry";
import { nodesInside, type Graph } from "@/shared/flow/graph";
import { walk, type Direction } from "@/studio/canvas/walk";
import { moveNodes } from "@/studio/model/edits/places";
import type { CanvasPort } from "@/studio/core/canvasPort";
import { NAME_FIELD, NOTHING, useEditorStore, type EditorStore } from "@/studio/state/editor";

const STEP = 20;
const DIRECTIONS: Readonly<Record<Direction, { x: number; y: number }>> = {
  ArrowUp: { x: 0, y: -STEP },
  ArrowDown: { x: 0, y: STEP },
  ArrowLeft: { x: -STEP, y: 0 },
  ArrowRight: { x: STEP, y: 0 },
};

/** The keys that only count while the canvas has the focus: walking, moving, editing. */
export function useCanvasKeys(
  element: RefObject<HTMLDivElement | null>,
  drawn: { flow: Flow; graph: Graph },
  port: CanvasPort,
): void {
  const store = useEditorStore();
  useEffect(() => {
    const canvas = element.current;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.target !== canvas || event.ctrlKey || event.metaKey) return;
      if (event.key in DIRECTIONS) onArrow(store, drawn, port, event.key as Direction, event.altKey);
      else if (event.key === "Enter") edit(store);
      else if (event.key === "Escape" && hasSelection(store)) store.actions.select(NOTHING);
      else return;
      event.preventDefault();
    };
    canvas?.addEventListener("keydown", onKeyDown);
    return () => canvas?.removeEventListener("keydown", onKeyDown);
  }, [element, drawn, port, store]);
}

function onArrow(
  store: EditorStore,
  { flow, graph }: { flow: Flow; graph: Graph },
  port: CanvasPort,
  direction: Direction,
  move: boolean,
): void {
  const { nodes } = store.getState().selection;
  if (move) {
    const by = DIRECTIONS[direction];
    const all = new Set(nodes.flatMap((id) => [id, ...nodesInside(graph, id)]));
    const places = [...all].map((id) => {
      const { x, y } = placeOf(flow, id);
      return [id, { x: x + by.x, y: y + by.y }] as const;
    });
    store.actions.perform({ ...moveNodes(Object.fromEntries(places)), merge: `nudge:${nodes.join()}` });
    return;
  }
  const next = walk(flow, graph, nodes.at(-1) ?? null, direction);
  if (next === null) return;
  store.actions.select({ nodes: [next] });
  port.show([next]);
}

function hasSelection(store: EditorStore): boolean {
  const { nodes, edges, notes } = store.getState().selection;
  return nodes.length + edges.length + notes.length > 0;
}

/** Leads to the first field of the selected step; to its name where it has none. */
function edit(store: EditorStore): void {
  const [node] = store.getState().selection.nodes;
  if (node === undefined) return;
  store.actions.openPanel("right", "properties");
  const { flow, catalogue } = store.getState();
  const step = nodeOf(flow, node);
  store.actions.revealNode(node, (step && catalogue.entryOf(step).inputs[0]?.name) ?? NAME_FIELD);
}
