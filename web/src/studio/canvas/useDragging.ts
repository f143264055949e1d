import type { Node, NodeChange } from "@xyflow/react";
import { useCallback, useRef, useState } from "react";
import { START, type Flow, type Position } from "@/shared/flow/document";
import { placeOf, type Picture } from "@/shared/flow/geometry";
import { nodesInside, type Graph } from "@/shared/flow/graph";
import { groupOfKey, noteKey, noteOfKey } from "@/studio/canvas/extraNodes";
import { groupRects } from "@/studio/canvas/extraPicture";
import { moveNodes } from "@/studio/model/edits/places";
import { useEditorStore } from "@/studio/state/editor";

type Places = ReadonlyMap<string, Position>;

const NOWHERE: Places = new Map();

/** What is being dragged, with its places so far; the flow itself changes when it is dropped. */
export function useDragging(drawn: { flow: Flow; graph: Graph; picture: Picture }) {
  const store = useEditorStore();
  const [moving, setMoving] = useState<Places>(NOWHERE);
  const latest = useRef(moving);
  const follow = useCallback((places: Places) => {
    latest.current = places;
    setMoving(places);
  }, []);
  const onMove = useCallback(
    (changes: readonly NodeChange[]) => {
      const places = new Map(latest.current);
      for (const change of changes) {
        if (change.type !== "position" || !change.position || change.dragging !== true) continue;
        for (const [id, place] of movedBy(drawn, change.id, change.position)) places.set(id, place);
      }
      if (places.size > 0 && changes.some((change) => change.type === "position" && change.dragging)) follow(places);
    },
    [drawn, follow],
  );
  const onDrop = useCallback(() => {
    const places = [...latest.current].map(([id, place]) => [noteOfKey(id) ?? id, place] as const);
    follow(NOWHERE);
    if (places.length > 0) store.actions.perform(moveNodes(Object.fromEntries(places)));
  }, [store, follow]);
  return { moving, onMove, onDrop };
}

/** The places of a dragged thing and of all that moves along. */
function movedBy(
  { flow, graph, picture }: { flow: Flow; graph: Graph; picture: Picture },
  id: string,
  to: Position,
): [string, Position][] {
  const note = noteOfKey(id);
  if (note !== null) return [[noteKey(note), to]];
  const group = groupOfKey(id);
  const from = group === null ? picture.rects.get(id) : groupRects(flow, picture).get(group);
  if (from === undefined) return [];
  const moved = (place: Position) => ({ x: place.x + to.x - from.x, y: place.y + to.y - from.y });
  if (id === START) return [[id, moved(from)]];
  const outer = group === null ? [id] : (flow.layout.groups[group]?.nodes ?? []);
  const all = new Set(outer.flatMap((node) => [node, ...nodesInside(graph, node)]));
  return [...all].map((node) => [node, moved(placeOf(flow, node))]);
}

/** The selection after what React Flow tells of it. */
export function selectedAfter(selected: readonly string[], changes: readonly NodeChange<Node>[]): readonly string[] {
  const after = new Set(selected);
  for (const change of changes) {
    if (change.type !== "select" || change.id === START) continue;
    if (change.selected) after.add(change.id);
    else after.delete(change.id);
  }
  return after.size === selected.length && selected.every((id) => after.has(id)) ? selected : [...after];
}
