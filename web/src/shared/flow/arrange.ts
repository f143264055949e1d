import type { Catalogue } from "@/shared/flow/catalogue";
import type { Flow, Position } from "@/shared/flow/document";
import {
  BLOCK_BOTTOM,
  BLOCK_SIDE,
  CARD,
  EMPTY_BODY,
  GAP,
  headSize,
  partsOf,
  pictureOf,
  unionOf,
  type Parts,
} from "@/shared/flow/geometry";
import { analyseGraph, type Graph } from "@/shared/flow/graph";
import type { Drawn, Layering } from "@/shared/flow/layering";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Nodes with their places inside of one body, and the size of the whole. */
interface Arranged extends Size {
  readonly places: ReadonlyMap<string, Position>;
}

const SIDE_GAP = 40;

/**
 * Places for all nodes, from the top to the bottom, each block around what it runs. Ways that fork are laid out by
 * `layering`; without it, and wherever it fails, nodes stand in a column in the order in which they run.
 */
export async function arrange(
  flow: Flow,
  catalogue: Catalogue,
  layering: Layering | null,
): Promise<Record<string, Position>> {
  const graph = analyseGraph(flow, catalogue);
  return new Arrangement(flow, catalogue, graph, layering).all();
}

class Arrangement {
  private readonly sizes = new Map<string, Size>();
  private readonly parts: ReadonlyMap<string, Parts>;
  private readonly inside = new Map<string, ReadonlyMap<string, Position>>();

  constructor(
    private readonly flow: Flow,
    catalogue: Catalogue,
    private readonly graph: Graph,
    private readonly layering: Layering | null,
  ) {
    const drawn = pictureOf(flow, catalogue, graph).parts;
    // Collapsed blocks are arranged as if they were open, so that there is room when somebody opens them.
    this.parts = new Map(
      Object.entries(flow.nodes).map(([id, node]) => [id, drawn.get(id) ?? partsOf(node, catalogue, [], false)]),
    );
  }

  async all(): Promise<Record<string, Position>> {
    const main = await this.body(this.graph.main.nodes);
    const places: Record<string, Position> = {};
    this.place(main.places, { x: 0, y: 0 }, places);
    let x = main.width;
    for (const { nodes } of this.graph.loose) {
      x += SIDE_GAP * 2;
      const aside = await this.body(nodes);
      this.place(aside.places, { x, y: 0 }, places);
      x += aside.width;
    }
    return places;
  }

  /** Adds absolute places of these nodes and of all inside them. */
  private place(places: ReadonlyMap<string, Position>, at: Position, into: Record<string, Position>): void {
    for (const [id, place] of places) {
      const absolute = { x: Math.round(at.x + place.x), y: Math.round(at.y + place.y) };
      into[id] = absolute;
      this.place(this.inside.get(id) ?? new Map(), absolute, into);
    }
  }

  private async body(ids: readonly string[]): Promise<Arranged> {
    for (const id of ids) this.sizes.set(id, await this.sizeOf(id));
    const edges = this.edgesAmong(new Set(ids));
    const stretches = stretchesOf(ids, edges);
    const forked = stretches.filter((stretch) => stretch.length > 2);
    if (this.layering === null || forked.length === 0) return this.column(ids);
    const nodes = (stretch: readonly string[]) =>
      stretch.map((id) => ({ id, ports: this.parts.get(id)?.onward ?? [], ...this.size(id) }));
    try {
      const drawn = forked.map((stretch) => ({ nodes: nodes(stretch), edges: within(edges, stretch) }));
      const laid = await this.layering({ stretches: drawn, gap: GAP, sideGap: SIDE_GAP });
      return this.oneBelowAnother(stretches, laid);
    } catch {
      return this.column(ids);
    }
  }

  /** Stretches share their ends: each begins where the one above it ended. */
  private oneBelowAnother(
    stretches: readonly (readonly string[])[],
    laid: readonly ReadonlyMap<string, Position>[],
  ): Arranged {
    const places = new Map<string, Position>();
    const waiting = [...laid];
    for (const stretch of stretches) {
      const own = (stretch.length > 2 ? waiting.shift() : undefined) ?? this.column(stretch).places;
      const [first = ""] = stretch;
      const [at, from] = [places.get(first) ?? { x: 0, y: 0 }, own.get(first) ?? { x: 0, y: 0 }];
      for (const [id, place] of own) places.set(id, { x: at.x + place.x - from.x, y: at.y + place.y - from.y });
    }
    const rects = [...places].map(([id, place]) => ({ ...place, ...this.size(id) }));
    const { x, y, width, height } = unionOf(rects) ?? { x: 0, y: 0, width: 0, height: 0 };
    const moved = [...places].map(([id, place]) => [id, { x: place.x - x, y: place.y - y }] as const);
    return { places: new Map(moved), width, height };
  }

  private edgesAmong(ids: ReadonlySet<string>): Drawn["edges"] {
    return this.flow.edges.filter((edge) => {
      const bodies = this.parts.get(edge.source)?.bodies ?? [];
      return ids.has(edge.source) && ids.has(edge.target) && !bodies.includes(edge.port);
    });
  }

  private size(id: string): Size {
    return this.sizes.get(id) ?? CARD;
  }

  private column(ids: readonly string[]): Arranged {
    const width = Math.max(...ids.map((id) => this.size(id).width), 0);
    const places = new Map<string, Position>();
    let y = 0;
    for (const id of ids) {
      places.set(id, { x: (width - this.size(id).width) / 2, y });
      y += this.size(id).height + GAP;
    }
    return { places, width, height: Math.max(0, y - GAP) };
  }

  /** A node's size; that of a block includes its bodies, which stand side by side under its head. */
  private async sizeOf(id: string): Promise<Size> {
    const parts = this.parts.get(id);
    if (parts === undefined) return CARD;
    const head = headSize(parts);
    const bodies = (this.graph.bodies.get(id) ?? []).filter((body) => body.nodes.length > 0);
    if (parts.shape !== "block") return head;
    if (bodies.length === 0)
      return { width: Math.max(head.width, EMPTY_BODY.width), height: head.height + EMPTY_BODY.height };
    const arranged: Arranged[] = [];
    for (const body of bodies) arranged.push(await this.body(body.nodes));
    const wide = arranged.reduce((sum, body) => sum + body.width + SIDE_GAP, -SIDE_GAP);
    const width = Math.max(head.width, wide + 2 * BLOCK_SIDE);
    const tall = Math.max(...arranged.map((body) => body.height));
    const places = new Map<string, Position>();
    let x = (width - wide) / 2;
    for (const body of arranged) {
      for (const [node, at] of body.places) places.set(node, { x: x + at.x, y: CARD.height + GAP + at.y });
      x += body.width + SIDE_GAP;
    }
    this.inside.set(id, places);
    return { width, height: CARD.height + GAP + tall + BLOCK_BOTTOM };
  }
}

/**
 * Nodes, in the order in which they run, cut wherever all ways come together. A stretch goes from one such node to the
 * next, both included; most have only these two, and what forks is small even in a large flow.
 */
function stretchesOf(ids: readonly string[], edges: Drawn["edges"]): string[][] {
  const index = new Map(ids.map((id, place) => [id, place]));
  const reach = ids.map((_, place) => place);
  for (const edge of edges) {
    const source = index.get(edge.source) ?? 0;
    reach[source] = Math.max(reach[source] ?? 0, index.get(edge.target) ?? 0);
  }
  const stretches: string[][] = [];
  let begin = 0;
  let farthest = reach[0] ?? 0;
  for (let place = 1; place < ids.length; place += 1) {
    if (farthest <= place) {
      stretches.push(ids.slice(begin, place + 1));
      begin = place;
    }
    farthest = Math.max(farthest, reach[place] ?? 0);
  }
  if (begin < ids.length - 1) stretches.push(ids.slice(begin));
  return stretches.length > 0 ? stretches : [[...ids]];
}

function within(edges: Drawn["edges"], stretch: readonly string[]): Drawn["edges"] {
  const inside = new Set(stretch);
  return edges.filter((edge) => inside.has(edge.source) && inside.has(edge.target));
}
