import type { Edit } from "@/studio/model/edit";
import { withInside } from "@/studio/model/edits/nodes";
import { freshName, takenNames } from "@/studio/model/names";
import { isEqual } from "@/studio/model/equality";
import { renameInNode, renameInSelector, usesOf } from "@/studio/model/references";
import type { Catalogue } from "@/shared/flow/catalogue";
import { elementsOf, mapElementNames } from "@/shared/flow/elements";
import { itemOf, mapRecord } from "@/shared/flow/records";
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
  const elements = elementsOf(flow, catalogue, Object.values(nodes));
  return {
    ...emptyFlow(flow.name),
    variables: usedVariables(flow, catalogue, { ...emptyFlow(flow.name), nodes, elements }),
    nodes,
    edges: flow.edges.filter((edge) => chosen.has(edge.source) && chosen.has(edge.target)),
    elements,
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
  const own = mapRecord(part.elements, (element) => renameEach(ids, element, renameInSelector));
  const names = pastedElements(flow, own);
  const nodes = mapEntries(part.nodes, renamed, (node) =>
    mapElementNames(renameAll(node, catalogue, ids), catalogue, (name) => names.get(name) ?? name),
  );
  const elements = mapEntries(
    own,
    (name) => names.get(name) ?? name,
    (element) => element,
  );
  const inside = part.edges.filter((edge) => ids.has(edge.target) && ids.has(edge.source));
  const edges = inside.map((edge) => ({ ...edge, source: renamed(edge.source), target: renamed(edge.target) }));
  return {
    ...flow,
    variables: { ...missingVariables(flow, part, catalogue), ...flow.variables },
    nodes: { ...flow.nodes, ...nodes },
    edges: [...flow.edges, ...beginning(flow, part, renamed), ...edges],
    elements: { ...flow.elements, ...elements },
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

function renameAll(node: FlowNode, catalogue: Catalogue, ids: ReadonlyMap<string, string>): FlowNode {
  return renameEach(ids, node, (result, from, to) => renameInNode(result, catalogue, from, to));
}

/** First to names that nobody has, so that exchanged names do not meet on the way. */
function renameEach<Item>(
  ids: ReadonlyMap<string, string>,
  item: Item,
  rename: (item: Item, from: string, to: string) => Item,
): Item {
  const changed = [...ids].filter(([from, to]) => from !== to);
  const away = changed.reduce((result, [from], index) => rename(result, from, `pasted__${index}`), item);
  return changed.reduce((result, [, to], index) => rename(result, `pasted__${index}`, to), away);
}

/** The names that the elements of a part get: their own, where the flow has none or the same one of that name. */
function pastedElements(flow: Flow, elements: Flow["elements"]): Map<string, string> {
  const taken = new Set([...Object.keys(flow.elements), ...Object.keys(elements)]);
  const names = new Map<string, string>();
  for (const [name, element] of Object.entries(elements)) {
    const known = itemOf(flow.elements, name);
    if (known === undefined || isEqual(known, element)) continue;
    const fresh = freshName(name, taken);
    taken.add(fresh);
    names.set(name, fresh);
  }
  return names;
}

function usedVariables(flow: Flow, catalogue: Catalogue, part: Flow): Record<string, Variable> {
  return Object.fromEntries(
    Object.entries(flow.variables).filter(([name]) => usesOf(part, catalogue, name).length > 0),
  );
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
