import type { Catalogue } from "@/shared/flow/catalogue";
import type { Flow } from "@/shared/flow/document";
import { analyseGraph, ownersOf } from "@/shared/flow/graph";
import { collapse } from "@/studio/model/edits/places";

/** The flow with the blocks opened in which a node stands, so that it is seen; nothing of it is kept. */
export function opened(flow: Flow, catalogue: Catalogue, node: string | null): Flow {
  if (node === null || !Object.hasOwn(flow.nodes, node)) return flow;
  const owners = ownersOf(analyseGraph(flow, catalogue), node);
  return owners.reduce((result, owner) => collapse(owner, false).apply(result, catalogue), flow);
}
