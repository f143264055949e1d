import type { Edit } from "@/studio/model/edit";
import { moveNodes } from "@/studio/model/edits/places";
import type { Catalogue } from "@/shared/flow/catalogue";
import type { Flow, Position } from "@/shared/flow/document";
import { GAP, pictureOf, placeOf } from "@/shared/flow/geometry";
import { analyseGraph, nodesInside, ownersOf, type Graph } from "@/shared/flow/graph";

/** Push down what follows a step, and what follows the blocks around it, as far as it now needs the room. */
export function makeRoom(id: string): Edit {
  return {
    label: "Make space",
    apply: (flow, catalogue) => {
      const graph = analyseGraph(flow, catalogue);
      return [id, ...ownersOf(graph, id)].reduce((result, at) => pushDown(result, catalogue, graph, at), flow);
    },
  };
}

function pushDown(flow: Flow, catalogue: Catalogue, graph: Graph, id: string): Flow {
  const rects = pictureOf(flow, catalogue, graph).rects;
  const rect = rects.get(id);
  const following = followers(flow, graph, id);
  if (rect === undefined || following.length === 0) return flow;
  const next = flow.edges.filter((edge) => edge.source === id && following.includes(edge.target));
  const overlapping = next.map((edge) => rects.get(edge.target)).filter((other) => other !== undefined);
  const top = Math.min(...overlapping.map((other) => other.y));
  const missing = rect.y + rect.height + GAP - top;
  if (!(missing > 0)) return flow;
  const moved: Record<string, Position> = {};
  for (const node of following.flatMap((one) => [one, ...nodesInside(graph, one)])) {
    const { x, y } = placeOf(flow, node);
    moved[node] = { x, y: y + missing };
  }
  return moveNodes(moved).apply(flow, catalogue);
}

/** All steps of the same body that come after this one. */
function followers(flow: Flow, graph: Graph, id: string): string[] {
  const body = graph.bodyOf.get(id);
  const targets = new Map<string, string[]>();
  for (const edge of flow.edges) targets.set(edge.source, [...(targets.get(edge.source) ?? []), edge.target]);
  const found = new Set<string>();
  const waiting = [id];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const target of targets.get(at) ?? []) {
      if (found.has(target) || target === id || body === undefined || graph.bodyOf.get(target) !== body) continue;
      found.add(target);
      waiting.push(target);
    }
  }
  return [...found];
}
