import { START, type Flow } from "@/shared/flow/document";
import type { Graph } from "@/shared/flow/graph";

export type Direction = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

/**
 * The step that an arrow key leads to: down and up along the edges, to the right into what a block runs or on to the
 * next way of a fork, to the left out of it or back. Null where there is none.
 */
export function walk(flow: Flow, graph: Graph, from: string | null, direction: Direction): string | null {
  if (from === null) return graph.main.first;
  const leaving = flow.edges.filter((edge) => edge.source === from);
  const bodies = graph.bodies.get(from) ?? [];
  if (direction === "ArrowDown") return leaving.find((edge) => !isBodyOf(graph, from, edge.port))?.target ?? null;
  const coming = flow.edges.find((edge) => edge.target === from);
  if (direction === "ArrowUp") return coming === undefined || coming.source === START ? null : coming.source;
  const inside = coming !== undefined && isBodyOf(graph, coming.source, coming.port);
  const siblings = flow.edges
    .filter(({ source, port }) => source === coming?.source && isBodyOf(graph, source, port) === inside)
    .map((edge) => edge.target);
  const place = siblings.indexOf(from);
  if (direction === "ArrowRight") return bodies[0]?.first ?? siblings[place + 1] ?? null;
  return siblings[place - 1] ?? graph.bodyOf.get(from)?.owner ?? null;
}

function isBodyOf(graph: Graph, owner: string, port: string): boolean {
  return graph.bodies.get(owner)?.some((body) => body.port === port) ?? false;
}
