import type { Catalogue } from "@/shared/flow/catalogue";
import { ERROR, NEXT, START, edgeStart, nodeOf, type Edge, type Flow } from "@/shared/flow/document";
import { analyseGraph } from "@/shared/flow/graph";

/** The edges with this one added. It takes the place of the edge that left by its port, save for a Parallel's branches. */
export function withEdge(flow: Flow, catalogue: Catalogue, edge: Edge): readonly Edge[] {
  const source = nodeOf(flow, edge.source);
  const fork = source !== undefined && catalogue.isFork(source, edge.port);
  const same = (other: Edge) => other.source === edge.source && other.port === edge.port;
  if (fork)
    return flow.edges.some((other) => same(other) && other.target === edge.target) ? flow.edges : [...flow.edges, edge];
  const place = flow.edges.findIndex(same);
  if (place < 0) return [...flow.edges, edge];
  if (flow.edges[place]?.target === edge.target) return flow.edges;
  return flow.edges.map((other, index) => (index === place ? edge : other));
}

/** Why this edge cannot be drawn, as a sentence; null where it can. */
export function connectionProblem(flow: Flow, catalogue: Catalogue, edge: Edge): string | null {
  const ends = endsProblem(flow, catalogue, edge);
  if (ends !== null) return ends;
  const drawn = { ...flow, edges: withEdge(flow, catalogue, edge) };
  const before = new Set(suspects(flow, catalogue).map(lineOf));
  const wrong = suspects(drawn, catalogue).find((other) => !before.has(lineOf(other)));
  if (wrong === undefined) return null;
  return isWayBack(drawn, edge)
    ? "The steps would form a circle. Use a loop to repeat steps."
    : `${wrong.target} would be inside and outside of a block at the same time.`;
}

function suspects(flow: Flow, catalogue: Catalogue): Edge[] {
  const { wrong, doubtful } = analyseGraph(flow, catalogue);
  return [...wrong, ...doubtful];
}

function endsProblem(flow: Flow, catalogue: Catalogue, edge: Edge): string | null {
  if (nodeOf(flow, edge.target) === undefined) return `There is no step ${edge.target}.`;
  if (edge.source === edge.target) return "A step cannot lead to itself.";
  if (edge.source === START) return edge.port === NEXT ? null : "The start can lead to one step only.";
  const source = nodeOf(flow, edge.source);
  if (source === undefined) return `There is no step ${edge.source}.`;
  return catalogue.hasPort(source, edge.port) ? null : `${edge.source} has no exit ${edge.port}.`;
}

function isWayBack(flow: Flow, edge: Edge): boolean {
  const seen = new Set<string>();
  const waiting = [edge.target];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (id === edge.source) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    for (const other of flow.edges) if (other.source === id) waiting.push(other.target);
  }
  return false;
}

function lineOf(edge: Edge): string {
  return `${edgeStart(edge)} -> ${edge.target}`;
}

/** The port by which a chain goes on behind a node: never `error`, and never into a body. Undefined where it ends. */
export function onwardPort(flow: Flow, catalogue: Catalogue, id: string): string | undefined {
  if (id === START) return NEXT;
  const node = nodeOf(flow, id);
  if (node === undefined) return undefined;
  const bodies = catalogue.bodiesOf(node);
  const ports = catalogue.portsOf(node).filter((port) => !bodies.includes(port));
  return catalogue.entryOf(node).ports.length === 0 ? undefined : (ports[0] ?? ERROR);
}
