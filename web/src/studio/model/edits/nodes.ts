import type { Edit } from "@/studio/model/edit";
import { onwardPort, withEdge } from "@/studio/model/connections";
import { freshName, nameFor, takenNames } from "@/studio/model/names";
import { outermost } from "@/shared/flow/calls";
import type { Catalogue } from "@/shared/flow/catalogue";
import {
  NEXT,
  START,
  edgeKey,
  nodeOf,
  type Edge,
  type Flow,
  type FlowNode,
  type Group,
  type JsonObject,
  type Layout,
  type Position,
} from "@/shared/flow/document";
import { analyseGraph, nodesInside } from "@/shared/flow/graph";

/** A step to be added. `id` is made from the activity where none is given. */
export interface NewNode {
  readonly do: string;
  readonly at: Position;
  readonly with?: JsonObject;
  readonly id?: string;
}

/** The id that `addNode` and its like will give. */
export function idOf(flow: Flow, catalogue: Catalogue, added: NewNode): string {
  const taken = takenNames(flow, catalogue);
  return added.id === undefined
    ? nameFor(catalogue.entryOf({ do: added.do, with: {} }), taken)
    : freshName(added.id, taken);
}

/** Add a step without an edge; the very first one follows the start. */
export function addNode(added: NewNode): Edit {
  return {
    label: "Add step",
    apply: (flow, catalogue) => {
      const [placed, id] = place(flow, catalogue, added);
      const begins = flow.edges.every((edge) => edge.source !== START) && Object.keys(flow.nodes).length === 0;
      return begins ? { ...placed, edges: [...placed.edges, { source: START, port: NEXT, target: id }] } : placed;
    },
  };
}

/** Add a step behind a port. What followed there follows the new step now. */
export function addAfter(added: NewNode, from: { readonly source: string; readonly port: string }): Edit {
  return {
    label: "Add step",
    apply: (flow, catalogue) => {
      const source = nodeOf(flow, from.source);
      const fork = source !== undefined && catalogue.isFork(source, from.port);
      const edge = flow.edges.find((other) => other.source === from.source && other.port === from.port);
      if (edge !== undefined && !fork) return insertOnEdge(added, edgeKey(edge)).apply(flow, catalogue);
      if (source === undefined && from.source !== START) return flow;
      const [placed, id] = place(flow, catalogue, added);
      return { ...placed, edges: withEdge(placed, catalogue, { ...from, target: id }) };
    },
  };
}

/** Add a step on an edge, between its two ends. */
export function insertOnEdge(added: NewNode, key: string): Edit {
  return {
    label: "Insert step",
    apply: (flow, catalogue) => {
      const index = flow.edges.findIndex((edge) => edgeKey(edge) === key);
      const edge = flow.edges[index];
      if (edge === undefined) return flow;
      const [placed, id] = place(flow, catalogue, added);
      const port = onwardPort(placed, catalogue, id);
      const through: Edge[] = [{ ...edge, target: id }];
      if (port !== undefined) through.push({ source: id, port, target: edge.target });
      return { ...placed, edges: [...flow.edges.slice(0, index), ...through, ...flow.edges.slice(index + 1)] };
    },
  };
}

/** Remove steps, each with all that stands inside it. What came before a removed step goes on to what came behind. */
export function removeNodes(ids: readonly string[]): Edit {
  return {
    label: ids.length === 1 ? "Delete step" : `Delete ${ids.length} steps`,
    apply: (flow, catalogue) => {
      const gone = withInside(flow, catalogue, ids);
      if (gone.size === 0) return flow;
      const nodes = Object.fromEntries(Object.entries(flow.nodes).filter(([id]) => !gone.has(id)));
      return { ...flow, nodes, edges: healed(flow, catalogue, gone), layout: withoutNodes(flow.layout, gone) };
    },
  };
}

/** Those of the ids that exist, with all that stands inside of them. */
export function withInside(flow: Flow, catalogue: Catalogue, ids: readonly string[]): Set<string> {
  const found = new Set(ids.filter((id) => nodeOf(flow, id) !== undefined));
  const graph = analyseGraph(flow, catalogue);
  for (const id of [...found]) for (const inside of nodesInside(graph, id)) found.add(inside);
  return found;
}

function place(flow: Flow, catalogue: Catalogue, added: NewNode): [Flow, string] {
  const id = idOf(flow, catalogue, added);
  const node: FlowNode = { do: added.do, with: added.with ?? {} };
  const layout = { ...flow.layout, nodes: { ...flow.layout.nodes, [id]: { x: added.at.x, y: added.at.y } } };
  return [{ ...flow, nodes: { ...flow.nodes, [id]: node }, layout }, id];
}

function healed(flow: Flow, catalogue: Catalogue, gone: ReadonlySet<string>): Edge[] {
  const kept: Edge[] = [];
  const known = new Set(flow.edges.filter((edge) => !gone.has(edge.target)).map(edgeKey));
  const leaving = new Map<string, Edge[]>();
  for (const edge of flow.edges)
    if (gone.has(edge.source)) leaving.set(edge.source, [...(leaving.get(edge.source) ?? []), edge]);
  for (const edge of flow.edges) {
    if (gone.has(edge.source)) continue;
    if (!gone.has(edge.target)) {
      kept.push(edge);
      continue;
    }
    const target = goesOn(flow, catalogue, edge.target, gone, leaving);
    const bridge = target === null ? null : { ...edge, target };
    if (bridge === null || target === edge.source || known.has(edgeKey(bridge))) continue;
    known.add(edgeKey(bridge));
    kept.push(bridge);
  }
  return kept;
}

/** The one node that follows a removed one, whichever way the token takes; null where there is none or more than one. */
function goesOn(
  flow: Flow,
  catalogue: Catalogue,
  id: string,
  gone: ReadonlySet<string>,
  leaving: ReadonlyMap<string, readonly Edge[]>,
): string | null {
  const seen = new Set<string>();
  let at = id;
  while (gone.has(at) && !seen.has(at)) {
    seen.add(at);
    const node = nodeOf(flow, at);
    const onward = (leaving.get(at) ?? []).filter(
      (edge) => edge.port !== "error" && node !== undefined && !catalogue.bodiesOf(node).includes(edge.port),
    );
    const targets = new Set(onward.map((edge) => edge.target));
    const [only] = targets;
    if (targets.size !== 1 || only === undefined) return null;
    at = only;
  }
  return gone.has(at) ? null : at;
}

function withoutNodes(layout: Layout, gone: ReadonlySet<string>): Layout {
  const keep = <Item>(items: Readonly<Record<string, Item>>) =>
    Object.fromEntries(Object.entries(items).filter(([id]) => !gone.has(id)));
  const groups: [string, Group][] = Object.entries(layout.groups).map(([id, group]) => [
    id,
    group.nodes.some((node) => gone.has(node))
      ? { ...group, nodes: group.nodes.filter((node) => !gone.has(node)) }
      : group,
  ]);
  return {
    ...layout,
    nodes: keep(layout.nodes),
    breakpoints: Object.fromEntries(Object.entries(layout.breakpoints).filter(([node]) => !gone.has(outermost(node)))),
    texts: keep(layout.texts),
    groups: Object.fromEntries(groups.filter(([, group]) => group.nodes.length > 0)),
    ...(layout.analyser?.nodes && { analyser: { ...layout.analyser, nodes: keep(layout.analyser.nodes) } }),
  };
}
