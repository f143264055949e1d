import { Position as Side } from "@xyflow/react";
import type { Flow, Position } from "@/shared/flow/document";
import { nodesInside, type Graph } from "@/shared/flow/graph";
import { unionOf, type Picture, type Rect } from "@/shared/flow/geometry";
import { groupKey, noteKey, type GroupNode, type NoteNode } from "@/studio/canvas/extraNodes";

const GROUP_SIDE = 22;
const GROUP_TOP = 46;
const FOLDED = { width: 200, height: 40 };
const BEHIND = -2;
const ABOVE = 500;

/** The nodes that stand in a collapsed group, with the group's key on the canvas. */
export function foldedNodes(flow: Flow, graph: Graph): Map<string, string> {
  const folded = new Map<string, string>();
  for (const [id, group] of Object.entries(flow.layout.groups))
    if (group.collapsed)
      for (const node of group.nodes.flatMap((one) => [one, ...nodesInside(graph, one)]))
        folded.set(node, groupKey(id));
  return folded;
}

/** Where each group stands: around its steps, or as a small box where the first of them is. */
export function groupRects(flow: Flow, picture: Picture): Map<string, Rect> {
  const rects = new Map<string, Rect>();
  for (const [id, group] of Object.entries(flow.layout.groups)) {
    const around = unionOf(group.nodes.map((node) => picture.rects.get(node)).filter((rect) => rect !== undefined));
    if (around === null) continue;
    const whole = {
      x: around.x - GROUP_SIDE,
      y: around.y - GROUP_TOP,
      width: around.width + 2 * GROUP_SIDE,
      height: around.height + GROUP_TOP + GROUP_SIDE,
    };
    rects.set(id, group.collapsed ? { ...FOLDED, x: around.x + around.width / 2 - 100, y: around.y } : whole);
  }
  return rects;
}

/** The groups as nodes of the canvas, behind all others. */
export function groupNodes(flow: Flow, picture: Picture, selected: ReadonlySet<string>): GroupNode[] {
  return [...groupRects(flow, picture)].flatMap(([id, { x, y, width, height }]) => {
    const group = flow.layout.groups[id];
    if (group === undefined) return [];
    return {
      id: groupKey(id),
      type: "cluster" as const,
      position: { x, y },
      width,
      height,
      measured: { width, height },
      zIndex: BEHIND,
      selected: selected.has(groupKey(id)),
      deletable: false,
      ...(!group.collapsed && { style: { pointerEvents: "none" as const } }),
      handles: [
        { id: "in", type: "target" as const, position: Side.Top, x: width / 2, y: 0, width: 1, height: 1 },
        { id: "out", type: "source" as const, position: Side.Bottom, x: width / 2, y: height, width: 1, height: 1 },
      ],
      data: { id, group },
    };
  });
}

/** The notes as nodes of the canvas. */
export function noteNodes(
  flow: Flow,
  moving: ReadonlyMap<string, Position>,
  selected: ReadonlySet<string>,
): NoteNode[] {
  return Object.entries(flow.layout.notes).map(([id, note]) => ({
    id: noteKey(id),
    type: "note",
    position: moving.get(noteKey(id)) ?? { x: note.x, y: note.y },
    width: note.width,
    height: note.height,
    measured: { width: note.width, height: note.height },
    handles: [],
    zIndex: ABOVE,
    selected: selected.has(id),
    data: { id, note },
  }));
}
