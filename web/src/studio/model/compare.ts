import type { components } from "@/generated/api";
import { edgeKey, edgeStart, type Flow } from "@/shared/flow/document";
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

/** A node's inputs beside its other fields, under `with.`. */
function flat(item: object): Fields {
  const { with: inputs = {}, ...others } = item as { with?: object };
  return { ...others, ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`with.${name}`, value])) };
}

function compareEdges(before: Flow, after: Flow): Changes["edges"] {
  const [one, other] = [new Set(before.edges.map(edgeKey)), new Set(after.edges.map(edgeKey))];
  const changes = (edges: Flow["edges"], known: ReadonlySet<string>, change: "added" | "removed") =>
    edges
      .filter((edge) => !known.has(edgeKey(edge)))
      .map((edge) => ({ change, edge: `${edgeStart(edge)} -> ${edge.target}`, ...edge }));
  return [...changes(before.edges, other, "removed"), ...changes(after.edges, one, "added")];
}

function own<Value>(items: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(items, key) ? items[key] : undefined;
}
