import type { Edit } from "@/studio/model/edit";
import { nodeOf, type Flow, type NodePlace, type Position } from "@/shared/flow/document";
import { itemOf } from "@/shared/flow/records";

/** Where a node stands and how large it is. */
export interface Box extends Position {
  readonly width: number;
  readonly height: number;
}

/** Put steps somewhere; notes by their ids too. */
export function moveNodes(places: Readonly<Record<string, Position>>): Edit {
  const count = Object.keys(places).length;
  return { label: count === 1 ? "Move step" : `Move ${count} steps`, apply: (flow) => withPlaces(flow, places) };
}

/** Put all steps where an automatic layout wants them. */
export function applyLayout(places: Readonly<Record<string, Position>>): Edit {
  return { label: "Arrange", apply: (flow) => withPlaces(flow, places) };
}

export type Alignment = "left" | "center" | "right" | "top" | "middle" | "bottom";

/** Line steps up; `boxes` are where they stand now. */
export function align(boxes: Readonly<Record<string, Box>>, to: Alignment): Edit {
  const all = Object.values(boxes);
  const left = Math.min(...all.map((box) => box.x));
  const right = Math.max(...all.map((box) => box.x + box.width));
  const top = Math.min(...all.map((box) => box.y));
  const bottom = Math.max(...all.map((box) => box.y + box.height));
  const placed: Record<Alignment, (box: Box) => Position> = {
    left: (box) => ({ x: left, y: box.y }),
    center: (box) => ({ x: (left + right - box.width) / 2, y: box.y }),
    right: (box) => ({ x: right - box.width, y: box.y }),
    top: (box) => ({ x: box.x, y: top }),
    middle: (box) => ({ x: box.x, y: (top + bottom - box.height) / 2 }),
    bottom: (box) => ({ x: box.x, y: bottom - box.height }),
  };
  return { ...moveNodes(mapBoxes(boxes, placed[to])), label: "Align" };
}

/** Leave the same room between steps, from the first to the last, which stay. */
export function distribute(boxes: Readonly<Record<string, Box>>, along: "x" | "y"): Edit {
  const size = along === "x" ? "width" : "height";
  const sorted = Object.entries(boxes).sort(([, one], [, other]) => one[along] - other[along]);
  const first = sorted[0]?.[1];
  const last = sorted.at(-1)?.[1];
  if (first === undefined || last === undefined || sorted.length < 3)
    return { label: "Distribute", apply: (flow) => flow };
  const filled = sorted.reduce((sum, [, box]) => sum + box[size], 0);
  const gap = (last[along] + last[size] - first[along] - filled) / (sorted.length - 1);
  const places: Record<string, Position> = {};
  let position = first[along];
  for (const [id, box] of sorted) {
    places[id] = { x: box.x, y: box.y, [along]: position };
    position += box[size] + gap;
  }
  return { ...moveNodes(places), label: "Distribute" };
}

/** Show a control node's block as one step, or in full again. */
export function collapse(node: string, collapsed: boolean): Edit {
  return {
    label: collapsed ? "Collapse" : "Expand",
    apply: (flow) => {
      const { x, y, collapsed: before } = itemOf(flow.layout.nodes, node) ?? { x: 0, y: 0 };
      if (nodeOf(flow, node) === undefined || (before ?? false) === collapsed) return flow;
      const after: NodePlace = collapsed ? { x, y, collapsed } : { x, y };
      return { ...flow, layout: { ...flow.layout, nodes: { ...flow.layout.nodes, [node]: after } } };
    },
  };
}

function withPlaces(flow: Flow, places: Readonly<Record<string, Position>>): Flow {
  const nodes: Record<string, NodePlace> = { ...flow.layout.nodes };
  const notes = { ...flow.layout.notes };
  let changed = false;
  for (const [id, { x, y }] of Object.entries(places)) {
    const at = { x: Math.round(x), y: Math.round(y) };
    const note = itemOf(notes, id);
    const before = note ?? itemOf(nodes, id);
    if (before?.x === at.x && before.y === at.y) continue;
    if (note !== undefined) notes[id] = { ...note, ...at };
    else if (nodeOf(flow, id) !== undefined || id === "start") nodes[id] = { ...itemOf(nodes, id), ...at };
    else continue;
    changed = true;
  }
  return changed ? { ...flow, layout: { ...flow.layout, nodes, notes } } : flow;
}

function mapBoxes(boxes: Readonly<Record<string, Box>>, map: (box: Box) => Position): Record<string, Position> {
  return Object.fromEntries(Object.entries(boxes).map(([id, box]) => [id, map(box)]));
}
