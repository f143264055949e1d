import {
  EMPTY_LAYOUT,
  FORMAT,
  NEXT,
  type Edge,
  type Flow,
  type FlowNode,
  type Group,
  type Json,
  type JsonObject,
  type Layout,
  type NodePlace,
  type Note,
  type Output,
  type Parameter,
  type Retry,
  type Selector,
  type Variable,
} from "@/shared/flow/document";

/** What was read is not a flow document. The message is a sentence for people. */
export class DocumentError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "DocumentError";
  }
}

const SECTIONS = [
  "format",
  "name",
  "description",
  "inputs",
  "outputs",
  "variables",
  "nodes",
  "edges",
  "elements",
  "layout",
];
const NODE_KEYS = ["do", "with", "retry", "timeout", "continue_on_error", "enabled"];
const LAYOUT_KEYS = ["nodes", "notes", "groups", "breakpoints", "texts", "analyser"];
const STEP = /^([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*))?$/;

/**
 * The flow of a document. What is unknown is kept, and `writeDocument` writes it again.
 *
 * @throws DocumentError where the shape is wrong in a way that would lose something.
 */
export function readDocument(document: unknown): Flow {
  if (!isObject(document))
    throw new DocumentError("This is not a workflow: an object with nodes and edges was expected.");
  const rest = without(document, SECTIONS);
  return {
    format: text(document.format, FORMAT),
    name: text(document.name, ""),
    description: text(document.description, ""),
    inputs: section(document.inputs, "inputs", declared<Parameter>),
    outputs: section(document.outputs, "outputs", declared<Output>),
    variables: section(document.variables, "variables", declared<Variable>),
    nodes: section(document.nodes, "nodes", readNode),
    edges: readEdges(document.edges),
    elements: section(document.elements, "elements", readElement),
    layout: readLayout(document.layout),
    ...(rest && { rest }),
  };
}

/** Whether a value is an object with keys. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: Json | undefined, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

function without(value: JsonObject, known: readonly string[]): JsonObject | undefined {
  const unknown = Object.entries(value).filter(([key]) => !known.includes(key));
  return unknown.length > 0 ? Object.fromEntries(unknown) : undefined;
}

function section<Item>(value: Json | undefined, name: string, read: (value: Json, path: string) => Item) {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw new DocumentError(`\`${name}\` must be an object with a name for each entry.`);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, read(item, `${name}.${key}`)]));
}

function declared<Item>(value: Json, path: string): Item {
  if (value === null) return {} as Item;
  if (!isObject(value)) throw new DocumentError(`\`${path}\` must be an object such as {type: text}.`);
  return value as Item;
}

function readNode(value: Json, path: string): FlowNode {
  if (!isObject(value) || typeof value.do !== "string")
    throw new DocumentError(`\`${path}\` must be an object whose \`do\` names an activity.`);
  const inputs = value.with ?? {};
  if (!isObject(inputs)) throw new DocumentError(`\`${path}.with\` must be an object with a value for each field.`);
  const rest = without(value, NODE_KEYS);
  return {
    do: value.do,
    with: inputs,
    ...(isObject(value.retry) && { retry: value.retry as unknown as Retry }),
    ...(typeof value.timeout === "number" && { timeout: value.timeout }),
    ...(value.continue_on_error === true && { continue_on_error: true }),
    ...(value.enabled === false && { enabled: false }),
    ...(rest && { rest }),
  };
}

function readElement(value: Json, path: string): Selector {
  if (typeof value === "string" || isObject(value)) return value;
  throw new DocumentError(`\`${path}\` must be a text such as \`#save\`, or an object.`);
}

function readEdges(lines: Json | undefined): Edge[] {
  if (lines === undefined || lines === null) return [];
  if (!Array.isArray(lines)) throw new DocumentError("`edges` must be a list of lines such as `start -> read`.");
  return lines.flatMap((line) => readEdgeLine(line));
}

/** The edges of a line such as `each.body -> price -> add`. */
export function readEdgeLine(line: Json): Edge[] {
  const steps = typeof line === "string" ? line.split("->").map((step) => STEP.exec(step.trim())) : [];
  const valid = steps.length >= 2 && steps.every((step, index) => step && (index === 0 || step[2] === undefined));
  if (!valid)
    throw new DocumentError(`\`${String(line).slice(0, 80)}\` is not a valid edge. Write \`node.port -> node\`.`);
  return steps.slice(1).map((step, index) => ({
    source: steps[index]?.[1] ?? "",
    port: steps[index]?.[2] ?? NEXT,
    target: step?.[1] ?? "",
  }));
}

function readLayout(value: Json | undefined): Layout {
  if (!isObject(value)) return EMPTY_LAYOUT;
  const rest: Record<string, Json> = { ...without(value, LAYOUT_KEYS) };
  /** Items of the right shape; a part that has any other is kept whole under its name, and nothing is drawn of it. */
  const part = <Item>(name: string, fits: (item: Json) => boolean): Record<string, Item> => {
    const items = value[name];
    if (items === undefined) return {};
    if (isObject(items) && Object.values(items).every(fits)) return { ...items } as Record<string, Item>;
    rest[name] = items;
    return {};
  };
  const layout = {
    nodes: part<NodePlace>("nodes", isPlace),
    notes: part<Note>("notes", isNote),
    groups: part<Group>("groups", (item) => isObject(item) && Array.isArray(item.nodes)),
    breakpoints: part<NonNullable<Layout["breakpoints"][string]>>("breakpoints", isObject),
    texts: part<string>("texts", (item) => typeof item === "string"),
    ...(isObject(value.analyser) && { analyser: value.analyser }),
  };
  return Object.keys(rest).length > 0 ? { ...layout, rest } : layout;
}

function isPlace(value: Json): boolean {
  return isObject(value) && Number.isFinite(value.x) && Number.isFinite(value.y);
}

function isNote(value: Json): boolean {
  return (
    isPlace(value) &&
    isObject(value) &&
    typeof value.text === "string" &&
    Number.isFinite(value.width) &&
    Number.isFinite(value.height)
  );
}
