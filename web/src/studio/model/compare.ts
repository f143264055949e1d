import type { components } from "@/generated/api";
import { edgeKey, edgeStart, type Edge, type Flow } from "@/shared/flow/document";
import { logicOf } from "@/shared/flow/elements";
import { mapRecord } from "@/shared/flow/records";
import { isEqual } from "@/studio/model/equality";

type Changes = components["schemas"]["FlowChanges"];
type Part = Changes["nodes"][number];
type Field = Part["fields"][number];
type Fields = Readonly<Record<string, unknown>>;
type Items = Readonly<Record<string, object>>;

/** What changed from one flow to another, as the Hub tells it of two versions. What was renamed was removed and added. */
export function compareFlows(before: Flow, after: Flow): Changes {
  const elements = compareItems(elementFields(before), elementFields(after));
  return {
    settings: compareFields(settingsOf(before), settingsOf(after)),
    nodes: compareItems(before.nodes, after.nodes),
    edges: compareEdges(before, after),
    inputs: compareItems(before.inputs, after.inputs),
    outputs: compareItems(before.outputs, after.outputs),
    variables: compareItems(before.variables, after.variables),
    elements,
    recorded_again: elements.filter(({ id }) => isRecordedAgain(before, after, id)).map(({ id }) => id),
    moved: [],
    layout_changed: !isEqual(before.layout, after.layout),
  };
}

function settingsOf({ name, description }: Flow): Fields {
  return { name, description };
}

/** The elements as objects: one that a person wrote as a text has the field `selector`. */
function elementFields(flow: Flow): Items {
  return mapRecord<object>(flow.elements as Items, (element: unknown) =>
    typeof element === "string" ? { selector: element } : (element as object),
  );
}

function isRecordedAgain(before: Flow, after: Flow, name: string): boolean {
  const [one, other] = [own(before.elements, name), own(after.elements, name)];
  return one !== undefined && other !== undefined && isEqual(logicOf(one), logicOf(other));
}

function compareItems(before: Items, after: Items): Part[] {
  const ids = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...ids].flatMap((id): Part[] => {
    const [one, other] = [own(before, id), own(after, id)];
    const fields = compareFields(flat(one ?? {}), flat(other ?? {}));
    if (one === undefined) return [{ id, change: "added", fields }];
    if (other === undefined) return [{ id, change: "removed", fields }];
    return fields.length === 0 ? [] : [{ id, change: "changed", fields }];
  });
}

function compareFields(before: Fields, after: Fields): Field[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((field): Field[] => {
    const [old, now] = [own(before, field), own(after, field)];
    if (isEqual(old, now)) return [];
    return [{ field, change: old === undefined ? "added" : now === undefined ? "removed" : "changed", old, new: now }];
  });
}

/** The fields of a part; a node's inputs and what it says of trying again one by one, such as `with.path`. */
function flat(item: object): Fields {
  const fields = Object.entries(item).flatMap(([name, value]: [string, unknown]) =>
    name === "with" || name === "retry"
      ? Object.entries(value as object).map(([inner, part]) => [`${name}.${inner}`, part] as const)
      : [[name, value] as const],
  );
  return Object.fromEntries(fields);
}

/** Edges that went away and came. Where the branches of one port only changed their order, all of them did. */
function compareEdges(before: Flow, after: Flow): Changes["edges"] {
  const [one, other] = [byStart(before.edges), byStart(after.edges)];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((start) => {
    const [was, is] = [one.get(start) ?? [], other.get(start) ?? []];
    const [gone, came] = [withoutEach(was, is), withoutEach(is, was)];
    const moved = gone.length === 0 && came.length === 0 && !isEqual(was, is);
    return [...told(moved ? was : gone, "removed"), ...told(moved ? is : came, "added")];
  });
}

function byStart(edges: readonly Edge[]): Map<string, Edge[]> {
  const starts = new Map<string, Edge[]>();
  for (const edge of edges) starts.set(edgeStart(edge), [...(starts.get(edgeStart(edge)) ?? []), edge]);
  return starts;
}

/** The edges without those of the other list; one that is there twice must be there twice in the other too. */
function withoutEach(edges: readonly Edge[], others: readonly Edge[]): Edge[] {
  const left = others.map(edgeKey);
  return edges.filter((edge) => {
    const index = left.indexOf(edgeKey(edge));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

function told(edges: readonly Edge[], change: "added" | "removed"): Changes["edges"] {
  return edges.map((edge) => ({ change, edge: `${edgeStart(edge)} -> ${edge.target}`, ...edge }));
}

function own<Value>(items: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(items, key) ? items[key] : undefined;
}
