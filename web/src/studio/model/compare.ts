import { edgeKey, edgeStart, type Flow } from "@/shared/flow/document";
import { isEqual } from "@/studio/model/equality";

/** One thing that differs between two flows. */
export interface Change {
  readonly part: "step" | "connection" | "input" | "output" | "variable" | "property" | "picture";
  readonly id: string;
  readonly change: "added" | "removed" | "changed";
  /** The fields that differ, where something changed. */
  readonly fields: readonly string[];
}

/** What changed from one flow to another. Everything that has no meaning for an execution is one change, the picture. */
export function compareFlows(before: Flow, after: Flow): Change[] {
  const properties = ["name", "description"].filter((name) => before[name as "name"] !== after[name as "name"]);
  return [
    ...properties.map((id): Change => ({ part: "property", id, change: "changed", fields: [] })),
    ...compareItems("input", before.inputs, after.inputs),
    ...compareItems("output", before.outputs, after.outputs),
    ...compareItems("variable", before.variables, after.variables),
    ...compareItems("step", before.nodes, after.nodes),
    ...compareEdges(before, after),
    ...(isEqual(before.layout, after.layout)
      ? []
      : [{ part: "picture", id: "layout", change: "changed", fields: [] } as const]),
  ];
}

type Items = Readonly<Record<string, object>>;

function compareItems(part: Change["part"], before: Items, after: Items): Change[] {
  const ids = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...ids].flatMap((id): Change[] => {
    const [one, other] = [own(before, id), own(after, id)];
    if (one === undefined) return [{ part, id, change: "added", fields: [] }];
    if (other === undefined) return [{ part, id, change: "removed", fields: [] }];
    if (isEqual(one, other)) return [];
    return [{ part, id, change: "changed", fields: differing(one, other) }];
  });
}

/** The names of fields that differ; those of `with` count as the node's own. */
function differing(before: object, after: object): string[] {
  const [one, other] = [flat(before), flat(after)];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => !isEqual(own(one, name), own(other, name)));
}

function flat(item: object): Record<string, unknown> {
  const { with: inputs, ...others } = item as { with?: object };
  return { ...others, ...inputs };
}

function compareEdges(before: Flow, after: Flow): Change[] {
  const [one, other] = [new Map(before.edges.map(keyed)), new Map(after.edges.map(keyed))];
  const changes = (from: typeof one, to: typeof one, change: "added" | "removed") =>
    [...to].filter(([key]) => !from.has(key)).map(([, id]): Change => ({ part: "connection", id, change, fields: [] }));
  return [...changes(other, one, "removed"), ...changes(one, other, "added")];
}

function keyed(edge: Flow["edges"][number]): [string, string] {
  return [edgeKey(edge), `${edgeStart(edge)} → ${edge.target}`];
}

function own<Value>(items: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(items, key) ? items[key] : undefined;
}
