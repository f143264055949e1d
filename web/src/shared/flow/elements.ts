/** Elements of a workflow, and the fields of nodes that name them, as `src/exekra/flow/elements.py` does. */
import type { Catalogue } from "@/shared/flow/catalogue";
import type { Flow, FlowNode, Json, JsonObject, Selector } from "@/shared/flow/document";
import { isObject } from "@/shared/flow/readDocument";
import { mapRecord } from "@/shared/flow/records";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The name of the element that the value of a field refers to; null where it refers to none. */
export function elementName(value: Json | undefined): string | null {
  return typeof value === "string" && NAME.test(value) ? value : null;
}

/** The value of a field with each selector in it mapped; the value itself where nothing changes. */
export function mapSelectors(schema: JsonObject, value: Json, map: (selector: Json) => Json): Json {
  if (schema["x-widget"] === "selector" && value !== null) return map(value);
  if (Array.isArray(value) && isObject(schema.items)) {
    const { items } = schema;
    const mapped = (value as readonly Json[]).map((item) => mapSelectors(items, item, map));
    return mapped.some((item, index) => item !== (value as readonly Json[])[index]) ? mapped : value;
  }
  const choices = Array.isArray(schema.anyOf) ? (schema.anyOf as readonly Json[]) : [];
  return choices.reduce<Json>(
    (result, choice) => (isObject(choice) && choice.type !== "null" ? mapSelectors(choice, result, map) : result),
    value,
  );
}

/** A node whose fields name other elements; the node itself where nothing changes. */
export function mapElementNames(node: FlowNode, catalogue: Catalogue, map: (name: string) => string): FlowNode {
  const inputs = catalogue.entryOf(node).inputs;
  const fields: JsonObject = mapRecord(node.with, (value, field) => {
    const schema = inputs.find((input) => input.name === field)?.schema ?? {};
    return mapSelectors(schema, value, (selector) => {
      const name = elementName(selector);
      return name === null ? selector : map(name);
    });
  });
  return fields === node.with ? node : { ...node, with: fields };
}

/** The fields of a node that name an element, with its name. */
export function elementUses(node: FlowNode, catalogue: Catalogue): { field: string; element: string }[] {
  const uses: { field: string; element: string }[] = [];
  for (const { name, schema } of catalogue.entryOf(node).inputs) {
    if (!Object.hasOwn(node.with, name)) continue;
    mapSelectors(schema, node.with[name] ?? null, (selector) => {
      const element = elementName(selector);
      if (element !== null) uses.push({ field: name, element });
      return selector;
    });
  }
  return uses;
}

/** The elements that some nodes name, in the order of the document. */
export function elementsOf(flow: Flow, catalogue: Catalogue, nodes: readonly FlowNode[]): Flow["elements"] {
  const used = new Set(nodes.flatMap((node) => elementUses(node, catalogue).map(({ element }) => element)));
  return Object.fromEntries(Object.entries(flow.elements).filter(([name]) => used.has(name)));
}

const WITH_TEMPLATES = ["frames", "shadow", "candidates", "anchors"];

/** A selector with the texts mapped that may hold expressions: nothing that was seen when it was recorded. */
export function mapSelectorTexts(selector: Selector, map: (value: Json) => Json): Selector {
  if (typeof selector === "string") return map(selector) as string;
  return mapRecord(selector, (part, key) => (WITH_TEMPLATES.includes(key) ? map(part) : part));
}

/** What is looked for, without what was seen when it was recorded: page, fingerprint, states and counts. */
export function logicOf(selector: Selector): Json {
  return withoutEvidence(selector);
}

const EVIDENCE = ["page", "fingerprint", "state", "count"];

function withoutEvidence(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutEvidence);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !EVIDENCE.includes(key));
  return Object.fromEntries(kept.map(([key, part]) => [key, withoutEvidence(part)]));
}
