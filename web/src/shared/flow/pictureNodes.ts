import { Position as Side, type Node, type NodeHandle } from "@xyflow/react";
import type { Catalogue, CatalogueEntry } from "@/shared/flow/catalogue";
import { ERROR, START, type Flow, type FlowNode } from "@/shared/flow/document";
import {
  CARD,
  START_SIZE,
  portPlaces,
  type Parts,
  type Picture,
  type PortPlace,
  type Rect,
  type Region,
} from "@/shared/flow/geometry";
import { nodesInside, type Graph } from "@/shared/flow/graph";
import { itemOf } from "@/shared/flow/records";
import type { Mark, NodeRunState } from "@/shared/flow/runState";
import { summaryOf } from "@/shared/flow/summary";

/** What the canvas tells of a node beside what the flow says. */
export interface Decoration {
  readonly problem?: "error" | "warning";
  /** The problems in words. */
  readonly problems?: string;
  readonly breakpoint?: "always" | "conditional" | "resting";
}

/** What the picture of a step is drawn from. */
export interface StepData extends Record<string, unknown> {
  readonly id: string;
  readonly node: FlowNode;
  readonly entry: CatalogueEntry;
  readonly parts: Parts;
  readonly ports: readonly PortPlace[];
  /** The ports that an edge leaves by. */
  readonly used: readonly string[];
  readonly summary: string;
  readonly note: string;
  /** How many steps a collapsed block hides; undefined where nothing is collapsed. */
  readonly collapsed: number | undefined;
  /** The bodies of a block, inside of it. */
  readonly regions: readonly (Rect & { readonly port: string })[];
  readonly width: number;
  readonly height: number;
  readonly decoration: Decoration | undefined;
  readonly run: NodeRunState | undefined;
  readonly mark: Mark | undefined;
}

export type StepNode = Node<StepData, "step" | "block">;
export type StartNode = Node<{ used: boolean }, "start">;
export type PictureNode = StepNode | StartNode;

/** What all nodes are drawn from. */
export interface PictureInput {
  readonly flow: Flow;
  readonly catalogue: Catalogue;
  readonly graph: Graph;
  readonly picture: Picture;
  readonly decorations: ReadonlyMap<string, Decoration>;
  readonly overlay: Readonly<Record<string, NodeRunState>> | null;
  readonly marks: Readonly<Record<string, Mark>> | null;
  readonly selected: ReadonlySet<string>;
  /** Nodes that stand in a collapsed group. */
  readonly folded: ReadonlyMap<string, string>;
}

const HANDLE = 12;
const summaries = new WeakMap<FlowNode, string>();

/** Makes the nodes of the picture; a node that did not change stays the same object, so it is not drawn again. */
export class PictureNodes {
  private made = new Map<string, PictureNode>();

  make(input: PictureInput): PictureNode[] {
    const used = usedPorts(input.flow);
    const nodes: PictureNode[] = [this.keep(startNode(input, used.has(START)))];
    for (const [id, node] of Object.entries(input.flow.nodes)) {
      if (input.picture.hidden.has(id) || input.folded.has(id)) continue;
      nodes.push(this.keep(stepNode(input, id, node, used.get(id) ?? [])));
    }
    this.made = new Map(nodes.map((node) => [node.id, node]));
    return nodes;
  }

  private keep(node: PictureNode): PictureNode {
    const before = this.made.get(node.id);
    return before !== undefined && isSameNode(before, node) ? before : node;
  }
}

function startNode({ picture, selected }: PictureInput, used: boolean): StartNode {
  const rect = picture.rects.get(START) ?? { x: 0, y: 0, ...START_SIZE };
  return {
    id: START,
    type: "start",
    position: { x: rect.x, y: rect.y },
    width: rect.width,
    height: rect.height,
    measured: { width: rect.width, height: rect.height },
    handles: [handle("next", "source", Side.Bottom, rect.width / 2, rect.height)],
    deletable: false,
    selected: selected.has(START),
    zIndex: 0,
    data: { used },
  };
}

function stepNode(input: PictureInput, id: string, node: FlowNode, used: readonly string[]): StepNode {
  const { picture, flow, catalogue } = input;
  const rect = picture.rects.get(id) ?? { x: 0, y: 0, ...CARD };
  const parts = picture.parts.get(id) ?? { shape: "card", bodies: [], onward: [] };
  const regions = picture.regions.get(id) ?? new Map<string, Region>();
  const ports = portPlaces(parts, rect, regions);
  return {
    id,
    type: parts.shape === "block" ? "block" : "step",
    position: { x: rect.x, y: rect.y },
    width: rect.width,
    height: rect.height,
    measured: { width: rect.width, height: rect.height },
    handles: handlesOf(ports, rect),
    selected: input.selected.has(id),
    zIndex: (picture.depth.get(id) ?? 0) * 2,
    ...(parts.shape === "block" && { style: { pointerEvents: "none" as const } }),
    ariaLabel: `${id}, ${catalogue.entryOf(node).title}`,
    data: {
      id,
      node,
      entry: catalogue.entryOf(node),
      parts,
      ports,
      used,
      summary: summaryIn(node, catalogue),
      note: itemOf(flow.layout.texts, id) ?? "",
      collapsed: isCollapsed(flow, catalogue, id, node) ? nodesInside(input.graph, id).length : undefined,
      regions: [...regions].map(([port, region]) => ({ ...region, port, x: region.x - rect.x, y: region.y - rect.y })),
      width: rect.width,
      height: rect.height,
      decoration: input.decorations.get(id),
      run: input.overlay === null ? undefined : itemOf(input.overlay, id),
      mark: input.marks === null ? undefined : itemOf(input.marks, id),
    },
  };
}

function isCollapsed(flow: Flow, catalogue: Catalogue, id: string, node: FlowNode): boolean {
  return catalogue.bodiesOf(node).length > 0 && itemOf(flow.layout.nodes, id)?.collapsed === true;
}

function summaryIn(node: FlowNode, catalogue: Catalogue): string {
  const known = summaries.get(node);
  if (known !== undefined) return known;
  const made = summaryOf(node, catalogue);
  summaries.set(node, made);
  return made;
}

function handlesOf(ports: readonly PortPlace[], rect: Rect): NodeHandle[] {
  return [
    handle("in", "target", Side.Top, rect.width / 2, 0),
    ...ports.map((place) => handle(place.port, "source", Side.Bottom, place.x, place.y)),
    handle(ERROR, "source", Side.Right, rect.width, CARD.height / 2),
  ];
}

function handle(id: string, type: "source" | "target", position: Side, x: number, y: number): NodeHandle {
  return { id, type, position, x: x - HANDLE / 2, y: y - HANDLE / 2, width: HANDLE, height: HANDLE };
}

function usedPorts(flow: Flow): Map<string, string[]> {
  const used = new Map<string, string[]>();
  for (const edge of flow.edges) {
    const ports = used.get(edge.source);
    if (ports) ports.push(edge.port);
    else used.set(edge.source, [edge.port]);
  }
  return used;
}

function isSameNode(before: PictureNode, after: PictureNode): boolean {
  return (
    before.type === after.type &&
    before.position.x === after.position.x &&
    before.position.y === after.position.y &&
    before.width === after.width &&
    before.height === after.height &&
    before.selected === after.selected &&
    before.zIndex === after.zIndex &&
    isSameData(before.data, after.data)
  );
}

function isSameData(before: Record<string, unknown>, after: Record<string, unknown>): boolean {
  return Object.keys(after).every((key) => {
    const [one, other] = [before[key], after[key]];
    if (one === other) return true;
    // These are small and made anew each time, so their content counts.
    return key === "ports" || key === "regions" || key === "parts" || key === "used"
      ? JSON.stringify(one) === JSON.stringify(other)
      : false;
  });
}
