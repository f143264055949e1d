/** Which steps run before a step, made out from the edges alone. */
import type { Catalogue } from "@/shared/flow/catalogue";
import { ERROR, nodeOf, type Edge, type Flow } from "@/shared/flow/document";
import { analyseGraph, type Body, type Graph } from "@/shared/flow/graph";

export interface StepsBefore {
  /** The steps whose results are there on every way, the latest first. */
  readonly certain: readonly string[];
  /** Those that may have run, the latest first. */
  readonly possible: readonly string[];
}

/**
 * The steps before a step. A step that is left by its error port has no result, and neither has a disabled one. What
 * runs inside of an earlier block counts as possible only.
 */
export function stepsBefore(flow: Flow, catalogue: Catalogue, id: string): StepsBefore {
  const graph = analyseGraph(flow, catalogue);
  const certain: string[] = [];
  const possible: string[] = [];
  for (let at: string | null = id; at !== null; at = graph.bodyOf.get(at)?.owner ?? null) {
    const body = graph.bodyOf.get(at);
    if (body === undefined) break;
    const arriving = edgesInto(flow, graph, body);
    const on = onEveryWay(arriving, body, at);
    certain.push(...on);
    possible.push(...mayLeadTo(graph, arriving, body, at).filter((other) => !on.includes(other)));
  }
  const isEnabled = (step: string) => nodeOf(flow, step)?.enabled !== false;
  return { certain: certain.filter(isEnabled), possible: possible.filter(isEnabled) };
}

/** For each step of a body, the edges that lead to it from steps of the same body. */
function edgesInto(flow: Flow, graph: Graph, body: Body): ReadonlyMap<string, readonly Edge[]> {
  const arriving = new Map<string, Edge[]>();
  for (const edge of flow.edges) {
    if (graph.bodyOf.get(edge.source) !== body || graph.bodyOf.get(edge.target) !== body) continue;
    if (graph.wrong.includes(edge)) continue;
    const known = arriving.get(edge.target);
    if (known === undefined) arriving.set(edge.target, [edge]);
    else known.push(edge);
  }
  return arriving;
}

/** A moment of a step: when it begins, or when it has ended well. */
interface Moment {
  readonly step: string;
  readonly ended: boolean;
  /** The latest moment on every way to this one. */
  readonly before: Moment | null;
  readonly depth: number;
}

/** The steps of a body that have ended well on every way to one of them, the latest first. */
function onEveryWay(arriving: ReadonlyMap<string, readonly Edge[]>, body: Body, id: string): string[] {
  const begins = new Map<string, Moment>();
  const ends = new Map<string, Moment>();
  // Each step stands after all that lead to it.
  for (const step of body.nodes) {
    const moments = (arriving.get(step) ?? []).map(({ source, port }) => (port === ERROR ? begins : ends).get(source));
    const known = moments.filter((moment) => moment !== undefined);
    const before = known.length === 0 ? null : known.reduce<Moment | null>(latestShared, known[0] ?? null);
    const begin = { step, ended: false, before, depth: (before?.depth ?? 0) + 1 };
    begins.set(step, begin);
    ends.set(step, { step, ended: true, before: begin, depth: begin.depth + 1 });
    if (step === id) break;
  }
  const steps: string[] = [];
  for (let at = begins.get(id)?.before ?? null; at !== null; at = at.before) if (at.ended) steps.push(at.step);
  return steps;
}

function latestShared(one: Moment | null, other: Moment | null): Moment | null {
  let [left, right] = [one, other];
  while (left !== right) {
    if (left === null || right === null) return null;
    if (left.depth >= right.depth) left = left.before;
    else right = right.before;
  }
  return left;
}

/** The steps of a body from which one of them can be reached, with those inside of them; the latest first. */
function mayLeadTo(graph: Graph, arriving: ReadonlyMap<string, readonly Edge[]>, body: Body, id: string): string[] {
  const leading = new Set<string>();
  const waiting = [id];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const { source } of arriving.get(at) ?? []) {
      if (leading.has(source)) continue;
      leading.add(source);
      waiting.push(source);
    }
  }
  const found = body.nodes.filter((step) => leading.has(step)).flatMap((step) => [step, ...within(graph, step)]);
  return found.reverse();
}

/** The steps inside of a block, in their order. */
function within(graph: Graph, owner: string): string[] {
  return (graph.bodies.get(owner) ?? []).flatMap(({ nodes }) =>
    nodes.flatMap((step) => [step, ...within(graph, step)]),
  );
}
