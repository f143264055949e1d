import type { Catalogue } from "@/shared/flow/catalogue";
import { ERROR, NEXT, START, nodeOf, type Edge, type Flow } from "@/shared/flow/document";

/** A part of the flow that is run as a whole: the flow itself (`owner` null), or a chain that a control node runs. */
export interface Body {
  readonly owner: string | null;
  readonly port: string;
  /** Its number, from 0, among the bodies of the same port; only a Parallel has more than one. */
  readonly branch: number;
  readonly first: string | null;
  /** Its nodes, without those of bodies inside it; each after all that lead to it. */
  readonly nodes: readonly string[];
}

/** Where the token goes, made out as far as the edges are right. */
export interface Graph {
  readonly main: Body;
  /** Chains that nothing leads to, each as a body without an owner. */
  readonly loose: readonly Body[];
  /** The bodies of each control node that has any with a first node. */
  readonly bodies: ReadonlyMap<string, readonly Body[]>;
  /** The body that a node belongs to. */
  readonly bodyOf: ReadonlyMap<string, Body>;
  /** What is wrong: edges that close a cycle, and edges that lead into another body. */
  readonly wrong: readonly Edge[];
  /** Edges of loose chains that would lead into another body once something leads to the chain. */
  readonly doubtful: readonly Edge[];
}

interface Building {
  owner: string | null;
  port: string;
  branch: number;
  first: string | null;
  nodes: string[];
}

/** The flow's graph. As the Hub's own: every node belongs to exactly one body, decided from the edges alone. */
export function analyseGraph(flow: Flow, catalogue: Catalogue): Graph {
  const leaving = edgesBySource(flow, catalogue);
  const first = leaving.get(START)?.[0]?.target ?? null;
  const walk = new Walk(leaving);
  const bodies = new Map<string, Building[]>();
  const bodyOf = new Map<string, Building>();
  const crossing: { edge: Edge; loose: boolean }[] = [];
  const enter = (from: string | null, branch: number): Building => {
    const top: Building = { owner: null, port: NEXT, branch, first: from, nodes: [] };
    if (from === null) return top;
    bodyOf.set(from, top);
    for (const id of walk.orderFrom(from)) {
      const own = bodyOf.get(id) ?? top;
      own.nodes.push(id);
      for (const edge of leaving.get(id) ?? []) {
        if (walk.closing.has(edge)) continue;
        const body = isBodyEdge(flow, catalogue, edge) ? beginBody(bodies, edge) : own;
        const known = bodyOf.get(edge.target);
        if (known === undefined) bodyOf.set(edge.target, body);
        // What nothing leads to yet may lead anywhere: it takes its place when something leads to it.
        else if (known !== body && !(branch > 0 && body === top)) crossing.push({ edge, loose: branch > 0 });
      }
    }
    return top;
  };
  const main = enter(first, 0);
  const targets = new Set(flow.edges.map((edge) => edge.target));
  const ids = Object.keys(flow.nodes);
  const roots = [...ids.filter((id) => !targets.has(id)), ...ids];
  const loose: Body[] = [];
  for (const id of roots) if (!bodyOf.has(id)) loose.push(enter(id, loose.length + 1));
  const crossed = (isLoose: boolean) => crossing.filter((one) => one.loose === isLoose).map(({ edge }) => edge);
  return { main, loose, bodies, bodyOf, wrong: [...walk.closing, ...crossed(false)], doubtful: crossed(true) };
}

/** Whether the edge begins a body of its source. */
export function isBodyEdge(flow: Flow, catalogue: Catalogue, edge: Edge): boolean {
  const node = nodeOf(flow, edge.source);
  return node !== undefined && edge.port !== ERROR && catalogue.bodiesOf(node).includes(edge.port);
}

/** All nodes inside the bodies of `owner`, those of bodies inside them too. */
export function nodesInside(graph: Graph, owner: string): string[] {
  const found: string[] = [];
  const waiting = [owner];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const body of graph.bodies.get(id) ?? []) {
      found.push(...body.nodes);
      waiting.push(...body.nodes);
    }
  }
  return found;
}

/** The control nodes around a node, the nearest first. */
export function ownersOf(graph: Graph, id: string): string[] {
  const owners: string[] = [];
  let owner = graph.bodyOf.get(id)?.owner ?? null;
  while (owner !== null) {
    owners.push(owner);
    owner = graph.bodyOf.get(owner)?.owner ?? null;
  }
  return owners;
}

function beginBody(bodies: Map<string, Building[]>, edge: Edge): Building {
  const all = bodies.get(edge.source) ?? [];
  const branch = all.filter((body) => body.port === edge.port).length;
  const body: Building = { owner: edge.source, port: edge.port, branch, first: edge.target, nodes: [] };
  bodies.set(edge.source, [...all, body]);
  return body;
}

/** Edges whose ends exist, by source; of two that leave one port only the first, save for the branches of a Parallel. */
function edgesBySource(flow: Flow, catalogue: Catalogue): Map<string, Edge[]> {
  const leaving = new Map<string, Edge[]>();
  for (const edge of flow.edges) {
    const source = nodeOf(flow, edge.source);
    if (nodeOf(flow, edge.target) === undefined) continue;
    if (source === undefined ? edge.source !== START || edge.port !== NEXT : !catalogue.hasPort(source, edge.port))
      continue;
    const edges = leaving.get(edge.source) ?? [];
    const same = edges.filter((other) => other.port === edge.port);
    const fork = source !== undefined && catalogue.isFork(source, edge.port);
    if (fork ? same.some((other) => other.target === edge.target) : same.length > 0) continue;
    edges.push(edge);
    leaving.set(edge.source, edges);
  }
  return leaving;
}

/** Walks depth first, with its own stack, and over no node twice. */
class Walk {
  /** The edges that would close a circle. */
  readonly closing = new Set<Edge>();
  private readonly done = new Set<string>();

  constructor(private readonly leaving: ReadonlyMap<string, readonly Edge[]>) {}

  /** The nodes that can be reached from one, each after all that lead to it; without those of walks before. */
  orderFrom(first: string): string[] {
    const finished: string[] = [];
    const open = new Set([first]);
    const way = [{ id: first, next: 0 }];
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const edge = this.leaving.get(step.id)?.[step.next];
      step.next += 1;
      if (edge === undefined) {
        way.pop();
        open.delete(step.id);
        this.done.add(step.id);
        finished.push(step.id);
      } else if (open.has(edge.target)) {
        this.closing.add(edge);
      } else if (!this.done.has(edge.target)) {
        open.add(edge.target);
        way.push({ id: edge.target, next: 0 });
      }
    }
    return finished.reverse();
  }
}
