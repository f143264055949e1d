import type { Catalogue } from "@/shared/flow/catalogue";
import { ERROR, START, nodeOf, type Flow, type FlowNode, type Position } from "@/shared/flow/document";
import { ownersOf, type Graph } from "@/shared/flow/graph";
import { itemOf } from "@/shared/flow/records";

/** Where something stands and how large it is, in the canvas' own units. */
export interface Rect extends Position {
  readonly width: number;
  readonly height: number;
}

export const CARD = { width: 248, height: 58 } as const;
export const START_SIZE = { width: 92, height: 34 } as const;

/** The room that a block keeps between its border and what stands in it. */
export const BLOCK_SIDE = 24;
export const BLOCK_BOTTOM = 30;

/** The room between a node and the one behind it: an edge with its labels. */
export const GAP = 54;

/** A block whose body is still empty. */
export const EMPTY_BODY = { width: 296, height: 84 } as const;

const PORT_WIDTH = 92;

/** How a node is drawn: as a card, a block around its bodies, or the end of a way. */
export type Shape = "card" | "block" | "end";

/** A port as it is drawn, with its place on the node. */
export interface PortPlace {
  readonly port: string;
  readonly x: number;
  readonly y: number;
  /** Whether the port leads into the node, as `body` does. */
  readonly body: boolean;
}

/** What a node's shape depends on. */
export interface Parts {
  readonly shape: Shape;
  readonly bodies: readonly string[];
  /** The ports by which the token goes on, without bodies and `error`. */
  readonly onward: readonly string[];
}

/** The parts of a node; `used` are the ports that its edges leave by, for a kind of node that nobody knows. */
export function partsOf(node: FlowNode, catalogue: Catalogue, used: readonly string[], collapsed: boolean): Parts {
  const entry = catalogue.entryOf(node);
  const ports = catalogue.portsOf(node);
  const known = entry.known ? ports : [...new Set([...ports, ...used.filter((port) => port !== ERROR)])];
  const onward = known.filter((port) => !entry.bodies.includes(port));
  if (entry.known && entry.ports.length === 0) return { shape: "end", bodies: [], onward: [] };
  if (entry.bodies.length === 0 || collapsed) return { shape: "card", bodies: [], onward };
  return { shape: "block", bodies: entry.bodies, onward };
}

/** A node's own size, for a block that of its head. */
export function headSize(parts: Parts): { width: number; height: number } {
  const ports = Math.max(parts.onward.length, parts.bodies.length);
  return { width: Math.max(CARD.width, ports * PORT_WIDTH), height: CARD.height };
}

/** Where the ports stand on a node whose whole size is `rect`; body ports under the head, the others at the bottom. */
export function portPlaces(parts: Parts, rect: Rect, bodies: ReadonlyMap<string, Region>): PortPlace[] {
  const spread = (ports: readonly string[], body: boolean, y: number): PortPlace[] =>
    ports.map((port, index) => ({ port, x: (rect.width * (index + 1)) / (ports.length + 1), y, body }));
  const inner: PortPlace[] = [];
  for (const place of spread(parts.bodies, true, CARD.height)) {
    const region = bodies.get(place.port);
    const least = (inner.at(-1)?.x ?? -PORT_WIDTH) + PORT_WIDTH;
    const x = region === undefined ? Math.max(place.x, least) : region.entry - rect.x;
    inner.push({ ...place, x: Math.min(Math.max(x, BLOCK_SIDE), rect.width - BLOCK_SIDE) });
  }
  return [...inner, ...spread(parts.onward, false, rect.height)];
}

/** Where the bodies of a port stand. `entry` is the middle of the node that the way in leads to. */
export interface Region extends Rect {
  readonly entry: number;
}

/** Everything that is drawn of a flow's nodes, with its place. */
export interface Picture {
  readonly rects: ReadonlyMap<string, Rect>;
  readonly parts: ReadonlyMap<string, Parts>;
  /** The places of a block's bodies, by port; of a Parallel all branches together. */
  readonly regions: ReadonlyMap<string, ReadonlyMap<string, Region>>;
  /** Nodes inside of a collapsed block, with the outermost such block. */
  readonly hidden: ReadonlyMap<string, string>;
  /** How many blocks stand around a node. */
  readonly depth: ReadonlyMap<string, number>;
}

/** Where everything stands. `moving` are places that somebody is dragging things to. */
export function pictureOf(
  flow: Flow,
  catalogue: Catalogue,
  graph: Graph,
  moving: ReadonlyMap<string, Position> = new Map(),
): Picture {
  return new Drawing(flow, catalogue, graph, moving).picture();
}

/** Where a node's own head stands. Nodes without a place stand at the origin until they are arranged. */
export function placeOf(flow: Flow, id: string): Position {
  return itemOf(flow.layout.nodes, id) ?? { x: 0, y: 0 };
}

/** Whether every node has a place. */
export function isArranged(flow: Flow): boolean {
  return Object.keys(flow.nodes).every((id) => Object.hasOwn(flow.layout.nodes, id));
}

class Drawing {
  private readonly rects = new Map<string, Rect>();
  private readonly parts = new Map<string, Parts>();
  private readonly regions = new Map<string, ReadonlyMap<string, Region>>();
  private readonly usedPorts = new Map<string, string[]>();

  constructor(
    private readonly flow: Flow,
    private readonly catalogue: Catalogue,
    private readonly graph: Graph,
    private readonly moving: ReadonlyMap<string, Position>,
  ) {
    for (const edge of flow.edges) {
      const ports = this.usedPorts.get(edge.source);
      if (ports) ports.push(edge.port);
      else this.usedPorts.set(edge.source, [edge.port]);
    }
  }

  picture(): Picture {
    const hidden = new Map<string, string>();
    const depth = new Map<string, number>();
    for (const id of Object.keys(this.flow.nodes)) {
      this.rectOf(id);
      const owners = ownersOf(this.graph, id);
      depth.set(id, owners.length);
      const outermost = owners.findLast((owner) => itemOf(this.flow.layout.nodes, owner)?.collapsed);
      if (outermost !== undefined) hidden.set(id, outermost);
    }
    const first = this.graph.main.first === null ? undefined : this.rects.get(this.graph.main.first);
    this.rects.set(START, { ...this.startPlace(first), ...START_SIZE });
    return { rects: this.rects, parts: this.parts, regions: this.regions, hidden, depth };
  }

  private startPlace(first: Rect | undefined): Position {
    const chosen = this.moving.get(START) ?? itemOf(this.flow.layout.nodes, START);
    if (chosen !== undefined) return chosen;
    if (first === undefined) return { x: 0, y: 0 };
    return { x: first.x + (first.width - START_SIZE.width) / 2, y: first.y - GAP - START_SIZE.height };
  }

  private rectOf(id: string): Rect {
    const known = this.rects.get(id);
    if (known !== undefined) return known;
    const node = nodeOf(this.flow, id);
    const at = this.moving.get(id) ?? placeOf(this.flow, id);
    if (node === undefined) return { ...at, ...CARD };
    const collapsed = itemOf(this.flow.layout.nodes, id)?.collapsed === true;
    const parts = partsOf(node, this.catalogue, this.usedPorts.get(id) ?? [], collapsed);
    this.parts.set(id, parts);
    const head = { x: at.x, y: at.y, ...headSize(parts) };
    const rect = parts.shape === "block" ? this.around(id, head) : collapsed ? this.folded(id, head) : head;
    this.rects.set(id, rect);
    return rect;
  }

  /** A collapsed block as one card, in the middle of where it stands when it is open. */
  private folded(id: string, head: Rect): Rect {
    const inside = (this.graph.bodies.get(id) ?? []).flatMap((body) => body.nodes.map((node) => this.rectOf(node)));
    const all = unionOf(inside);
    const centre = all === null ? head.x + EMPTY_BODY.width / 2 : all.x + all.width / 2;
    return { ...head, x: centre - head.width / 2 };
  }

  private around(id: string, head: Rect): Rect {
    const regions = new Map<string, Region>();
    for (const body of this.graph.bodies.get(id) ?? []) {
      const rects = body.nodes.map((node) => this.rectOf(node));
      const before = regions.get(body.port);
      const region = unionOf(before === undefined ? rects : [...rects, before]);
      if (region === null) continue;
      const first = this.rectOf(body.first ?? "");
      const several = body.branch > 0;
      regions.set(body.port, { ...region, entry: several ? region.x + region.width / 2 : first.x + first.width / 2 });
    }
    this.regions.set(id, regions);
    const inside = unionOf([...regions.values()]);
    if (inside === null) {
      return { ...head, width: Math.max(head.width, EMPTY_BODY.width), height: head.height + EMPTY_BODY.height };
    }
    const left = Math.min(head.x, inside.x - BLOCK_SIDE);
    const top = Math.min(head.y, inside.y - CARD.height - BLOCK_SIDE);
    const right = Math.max(head.x + head.width, inside.x + inside.width + BLOCK_SIDE);
    const bottom = Math.max(head.y + head.height, inside.y + inside.height) + BLOCK_BOTTOM;
    return { x: left, y: top, width: right - left, height: bottom - top };
  }
}

/** The smallest rectangle around all; null around none. */
export function unionOf(rects: readonly Rect[]): Rect | null {
  if (rects.length === 0) return null;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const rect of rects) {
    left = Math.min(left, rect.x);
    top = Math.min(top, rect.y);
    right = Math.max(right, rect.x + rect.width);
    bottom = Math.max(bottom, rect.y + rect.height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The name of a port for people. */
export function portLabel(port: string): string {
  return port === ERROR ? "On error" : port.charAt(0).toUpperCase() + port.slice(1).replaceAll("_", " ");
}
