import { outermost } from "@/shared/flow/calls";
import type { Catalogue } from "@/shared/flow/catalogue";
import { START, edgeKey, edgeStart, type Edge, type Flow, type Layout } from "@/shared/flow/document";
import { analyseGraph } from "@/shared/flow/graph";
import { isEqual } from "@/studio/model/equality";

/** Two changed flows as one. Where `conflicts` is not empty, `flow` has what was mine there. */
export interface Merged {
  readonly flow: Flow;
  /** What both changed differently, in words: steps, connections and declarations by their names. */
  readonly conflicts: readonly string[];
}

/** Bring together what two people made of the same flow: possible where they changed different things. */
export function mergeFlows(base: Flow, mine: Flow, theirs: Flow, catalogue: Catalogue): Merged {
  const conflicts: string[] = [];
  const choose = <Value>(what: string, before: Value, one: Value, other: Value): Value => {
    if (isEqual(one, before)) return other;
    if (!isEqual(other, before) && !isEqual(one, other)) conflicts.push(what);
    return one;
  };
  const items = <Item>(what: string, pick: (flow: Flow) => Readonly<Record<string, Item>>) =>
    mergeItems(pick(base), pick(mine), pick(theirs), (id, ...three) => choose(`${what} ${id}`, ...three));
  const flow: Flow = {
    ...mine,
    name: choose("the name", base.name, mine.name, theirs.name),
    description: choose("the description", base.description, mine.description, theirs.description),
    inputs: items("input", (one) => one.inputs),
    outputs: items("output", (one) => one.outputs),
    variables: items("variable", (one) => one.variables),
    nodes: items("step", (one) => one.nodes),
    elements: items("element", (one) => one.elements),
    edges: mergeEdges(base, mine, theirs, choose),
    layout: mergeLayouts(base.layout, mine.layout, theirs.layout),
  };
  const sound = withoutLooseEnds(flow);
  for (const edge of flow.edges) if (!sound.edges.includes(edge)) conflicts.push(`connection ${nameOf(edge)}`);
  const wrongBefore = new Set([mine, theirs].flatMap((one) => analyseGraph(one, catalogue).wrong.map(edgeKey)));
  for (const edge of analyseGraph(sound, catalogue).wrong)
    if (!wrongBefore.has(edgeKey(edge))) conflicts.push(`connection ${nameOf(edge)}`);
  return { flow: sound, conflicts: [...new Set(conflicts)] };
}

type Choose<Item> = (
  id: string,
  before: Item | undefined,
  one: Item | undefined,
  other: Item | undefined,
) => Item | undefined;

function mergeItems<Item>(
  base: Readonly<Record<string, Item>>,
  mine: Readonly<Record<string, Item>>,
  theirs: Readonly<Record<string, Item>>,
  choose: Choose<Item>,
): Readonly<Record<string, Item>> {
  const own = (items: Readonly<Record<string, Item>>, id: string) => (Object.hasOwn(items, id) ? items[id] : undefined);
  const merged: [string, Item][] = [];
  for (const id of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const item = choose(id, own(base, id), own(mine, id), own(theirs, id));
    if (item !== undefined) merged.push([id, item]);
  }
  return Object.fromEntries(merged);
}

/** Edges by the port that they leave: who changed where a port leads decides. */
function mergeEdges(
  base: Flow,
  mine: Flow,
  theirs: Flow,
  choose: (what: string, before: readonly Edge[], one: readonly Edge[], other: readonly Edge[]) => readonly Edge[],
): Edge[] {
  const [before, one, other] = [byStart(base), byStart(mine), byStart(theirs)];
  const starts = new Set([...one.keys(), ...other.keys()]);
  return [...starts].flatMap((start) => [
    ...choose(`connection from ${start}`, before.get(start) ?? [], one.get(start) ?? [], other.get(start) ?? []),
  ]);
}

function byStart(flow: Flow): Map<string, Edge[]> {
  const starts = new Map<string, Edge[]>();
  for (const edge of flow.edges) {
    const start = edgeStart(edge);
    starts.set(start, [...(starts.get(start) ?? []), edge]);
  }
  return starts;
}

/** A layout means nothing for an execution, so it has no conflicts: mine wins. */
function mergeLayouts(base: Layout, mine: Layout, theirs: Layout): Layout {
  const items = <Item>(pick: (layout: Layout) => Readonly<Record<string, Item>>) =>
    mergeItems(pick(base), pick(mine), pick(theirs), (_id, before, one, other) => (isEqual(one, before) ? other : one));
  const analyser = isEqual(mine.analyser, base.analyser) ? theirs.analyser : mine.analyser;
  return {
    nodes: items((layout) => layout.nodes),
    notes: items((layout) => layout.notes),
    groups: items((layout) => layout.groups),
    breakpoints: items((layout) => layout.breakpoints),
    texts: items((layout) => layout.texts),
    ...(analyser && { analyser }),
    ...(mine.rest && { rest: mine.rest }),
  };
}

/** The flow without edges and places of steps that the other one deleted. */
function withoutLooseEnds(flow: Flow): Flow {
  const has = (id: string) => Object.hasOwn(flow.nodes, id);
  const keep = <Item>(items: Readonly<Record<string, Item>>) =>
    Object.fromEntries(Object.entries(items).filter(([id]) => has(id) || id === START));
  const groups = Object.entries(flow.layout.groups).map(
    ([id, group]) => [id, { ...group, nodes: group.nodes.filter(has) }] as const,
  );
  return {
    ...flow,
    edges: flow.edges.filter((edge) => (has(edge.source) || edge.source === START) && has(edge.target)),
    layout: {
      ...flow.layout,
      nodes: keep(flow.layout.nodes),
      breakpoints: Object.fromEntries(Object.entries(flow.layout.breakpoints).filter(([node]) => has(outermost(node)))),
      texts: keep(flow.layout.texts),
      groups: Object.fromEntries(groups.filter(([, group]) => group.nodes.length > 0)),
    },
  };
}

function nameOf(edge: Edge): string {
  return `${edgeStart(edge)} → ${edge.target}`;
}
