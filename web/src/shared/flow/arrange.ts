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
    const loose = Object.keys(this.flow.nodes).filter((id) => !this.graph.bodyOf.has(id));
    if (loose.length > 0) {
      const aside = await this.body(loose);
      this.place(aside.places, { x: main.width + SIDE_GAP * 2, y: 0 }, places);
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
    const chain = isChain(ids, edges);
    if (chain || this.layering === null) return this.column(ids);
    const nodes = ids.map((id) => ({ id, ports: this.parts.get(id)?.onward ?? [], ...this.size(id) }));
    try {
      return await this.layering({ nodes, edges, gap: GAP, sideGap: SIDE_GAP });
    } catch {
      return this.column(ids);
    }
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

/** Whether nodes follow one another without a fork, so that a column shows them best. */
function isChain(ids: readonly string[], edges: Drawn["edges"]): boolean {
  return (
    edges.length === ids.length - 1 && edges.every((edge) => ids.indexOf(edge.target) === ids.indexOf(edge.source) + 1)
  );
}
