import { useEffect, type RefObject } from "react";
import type { Flow } from "@/shared/flow/document";
import { placeOf } from "@/shared/flow/geometry";
import { nodesInside, type Graph } from "@/shared/flow/graph";
import { walk, type Direction } from "@/studio/canvas/walk";
import { moveNodes } from "@/studio/model/edits/places";
import type { CanvasPort } from "@/studio/core/canvasPort";
import { NOTHING, useEditorStore, type EditorStore } from "@/studio/state/editor";

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

/** Leads to the selected step's form. */
function edit(store: EditorStore): void {
  const [node] = store.getState().selection.nodes;
  if (node === undefined) return;
  store.actions.openPanel("right", "properties");
  document.querySelector<HTMLElement>("[data-panel=right] :is(input, textarea, [contenteditable=true])")?.focus();
}
