import type { Edit } from "@/studio/model/edit";
import { withInside } from "@/studio/model/edits/nodes";
import { freshName, takenNames } from "@/studio/model/names";
import { renameInNode } from "@/studio/model/references";
import type { Catalogue } from "@/shared/flow/catalogue";
import {
  EMPTY_LAYOUT,
  NEXT,
  START,
  emptyFlow,
  type Flow,
  type FlowNode,
  type NodePlace,
  type Note,
  type Position,
  type Variable,
} from "@/shared/flow/document";

/** A part of a flow as a flow of its own: what is copied, also as text. Its name says where it came from. */
export function copyOf(flow: Flow, catalogue: Catalogue, ids: readonly string[], notes: readonly string[] = []): Flow {
  const chosen = withInside(flow, catalogue, ids);
  const keep = <Item>(items: Readonly<Record<string, Item>>) =>
    Object.fromEntries(Object.entries(items).filter(([id]) => chosen.has(id)));
  const nodes = keep(flow.nodes);
  return {
    ...emptyFlow(flow.name),
    variables: usedVariables(flow, nodes),
    nodes,
    edges: flow.edges.filter((edge) => chosen.has(edge.source) && chosen.has(edge.target)),
    layout: {
      ...EMPTY_LAYOUT,
      nodes: keep(flow.layout.nodes),
      texts: keep(flow.layout.texts),
      notes: Object.fromEntries(Object.entries(flow.layout.notes).filter(([id]) => notes.includes(id))),
    },
  };
}

/** Paste a copied part, moved by `offset`. `ids` tells the new ids that it will get. */
export function paste(part: Flow, offset: Position): Edit {
  const count = Object.keys(part.nodes).length;
  return {
    label: count === 1 ? "Paste step" : `Paste ${count} steps`,
    apply: (flow, catalogue) => {
      if (count === 0 && Object.keys(part.layout.notes).length === 0) return flow;
      return join(flow, part, catalogue, offset);
    },
  };
}

/** The ids that the nodes of a part get when it is pasted, by their own. */
export function pastedIds(flow: Flow, part: Flow, catalogue: Catalogue): Map<string, string> {
  const taken = takenNames(flow, catalogue);
  const ids = new Map<string, string>();
  for (const id of Object.keys(part.nodes)) {
    const fresh = freshName(id, taken);
    taken.add(fresh);
    ids.set(id, fresh);
  }
  return ids;
}

function join(flow: Flow, part: Flow, catalogue: Catalogue, offset: Position): Flow {
  const ids = pastedIds(flow, part, catalogue);
  const renamed = (id: string) => ids.get(id) ?? id;
  const moved = <Place extends Position>(place: Place): Place => ({
    ...place,
    x: place.x + offset.x,
    y: place.y + offset.y,
  });
  const nodes = mapEntries(part.nodes, renamed, (node) => renameAll(node, catalogue, ids));
  const inside = part.edges.filter((edge) => ids.has(edge.target) && ids.has(edge.source));
  const edges = inside.map((edge) => ({ ...edge, source: renamed(edge.source), target: renamed(edge.target) }));
  return {
    ...flow,
    variables: { ...missingVariables(flow, part, catalogue), ...flow.variables },
    nodes: { ...flow.nodes, ...nodes },
    edges: [...flow.edges, ...beginning(flow, part, renamed), ...edges],
    layout: {
      ...flow.layout,
      nodes: { ...flow.layout.nodes, ...mapEntries<NodePlace>(part.layout.nodes, renamed, moved) },
      texts: { ...flow.layout.texts, ...mapEntries(part.layout.texts, renamed, (text) => text) },
      notes: { ...flow.layout.notes, ...freshNotes(flow, part, moved) },
    },
  };
}

/** Where the flow is empty, what is pasted begins as it did where it came from. */
function beginning(flow: Flow, part: Flow, renamed: (id: string) => string) {
  if (Object.keys(flow.nodes).length > 0) return [];
  const first = part.edges.find((edge) => edge.source === START)?.target ?? Object.keys(part.nodes)[0];
  return first === undefined ? [] : [{ source: START, port: NEXT, target: renamed(first) }];
}

/** First to names that nobody has, so that exchanged names do not meet on the way. */
function renameAll(node: FlowNode, catalogue: Catalogue, ids: ReadonlyMap<string, string>): FlowNode {
  const changed = [...ids].filter(([from, to]) => from !== to);
  const away = changed.reduce(
    (result, [from], index) => renameInNode(result, catalogue, from, `pasted__${index}`),
    node,
  );
  return changed.reduce((result, [, to], index) => renameInNode(result, catalogue, `pasted__${index}`, to), away);
}

function usedVariables(flow: Flow, nodes: Readonly<Record<string, FlowNode>>): Record<string, Variable> {
  const text = JSON.stringify(nodes);
  return Object.fromEntries(Object.entries(flow.variables).filter(([name]) => text.includes(name)));
}

function missingVariables(flow: Flow, part: Flow, catalogue: Catalogue): Record<string, Variable> {
  const taken = takenNames(flow, catalogue);
  return Object.fromEntries(Object.entries(part.variables).filter(([name]) => !taken.has(name)));
}

function freshNotes(flow: Flow, part: Flow, moved: (note: Note) => Note): Record<string, Note> {
  const taken = new Set([...Object.keys(flow.layout.notes), ...Object.keys(flow.nodes)]);
  return mapEntries(
    part.layout.notes,
    (id) => {
      const fresh = freshName(id, taken);
      taken.add(fresh);
      return fresh;
    },
    moved,
  );
}

function mapEntries<Item>(
  items: Readonly<Record<string, Item>>,
  key: (id: string) => string,
  value: (item: Item) => Item,
): Record<string, Item> {
  return Object.fromEntries(Object.entries(items).map(([id, item]) => [key(id), value(item)]));
}
