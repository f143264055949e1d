import { outermost } from "@/shared/flow/calls";
import type { Catalogue, InputMode } from "@/shared/flow/catalogue";
import { expressionTokens, nameOf } from "@/shared/flow/expressionTokens";
import { templateParts } from "@/shared/flow/template";
import { mapRecord } from "@/shared/flow/records";
import type { Flow, FlowNode, Json, JsonObject, Output, Selector } from "@/shared/flow/document";
import { elementUses, mapSelectorTexts } from "@/shared/flow/elements";

/** Where a name is used. `node` is null for an output of the flow, whose name is then `field`. */
export interface Use {
  readonly node: string | null;
  readonly field: string;
}

/** The expression with every reference to `from` made one to `to`. Fields, texts, functions and loop variables stay. */
export function renameInExpression(expression: string, from: string, to: string): string {
  return expressionTokens(expression)
    .filter((token) => token.kind === "name" && nameOf(token) === from)
    .reduceRight((text, token) => text.slice(0, token.from) + to + text.slice(token.to), expression);
}

/** The template with every reference to `from` in its expressions made one to `to`. */
export function renameInTemplate(text: string, from: string, to: string): string {
  if (!text.includes(from)) return text;
  return templateParts(text).reduceRight((whole, part) => {
    if (part.kind !== "expression") return whole;
    const start = part.from + (text.startsWith("{{", part.from) ? 2 : 1);
    const end = start + part.source.length;
    return whole.slice(0, start) + renameInExpression(part.source, from, to) + whole.slice(end);
  }, text);
}

/** A value of a field with all the templates inside of it renamed; the value itself where nothing changes. */
export function renameInValue(value: Json, from: string, to: string): Json {
  return mapTexts(value, (text) => renameInTemplate(text, from, to));
}

/** The flow with every reference to the name `from` made one to `to`; what declares the name is left to the caller. */
export function renameReferences(flow: Flow, catalogue: Catalogue, from: string, to: string): Flow {
  const nodes = mapRecord(flow.nodes, (node) => renameInNode(node, catalogue, from, to));
  const outputs = mapRecord(flow.outputs, (output, name) => renameInOutput(output, name, from, to));
  const breakpoints = mapRecord(flow.layout.breakpoints, (breakpoint, node) => {
    // What a condition in a called workflow names is declared there.
    if (breakpoint.condition === undefined || outermost(node) !== node) return breakpoint;
    const condition = renameInExpression(breakpoint.condition, from, to);
    return condition === breakpoint.condition ? breakpoint : { ...breakpoint, condition };
  });
  const elements = mapRecord(flow.elements, (element) => renameInSelector(element, from, to));
  return { ...flow, nodes, outputs, elements, layout: { ...flow.layout, breakpoints } };
}

/** A selector with every reference to `from` in its expressions made one to `to`. */
export function renameInSelector(selector: Selector, from: string, to: string): Selector {
  return mapSelectorTexts(selector, (value) => renameInValue(value, from, to));
}

/** A node with every reference to `from` in its fields made one to `to`; the node itself where nothing changes. */
export function renameInNode(node: FlowNode, catalogue: Catalogue, from: string, to: string): FlowNode {
  const inputs = catalogue.entryOf(node).inputs;
  const fields: JsonObject = mapRecord(node.with, (value, field) => {
    const mode: InputMode = inputs.find((input) => input.name === field)?.mode ?? "template";
    if (mode === "variable") return value === from ? to : value;
    return mode === "template" ? renameInValue(value, from, to) : value;
  });
  return fields === node.with ? node : { ...node, with: fields };
}

/** Where a name is used: in fields of nodes, or in elements that they name, and in outputs; in the document's order. */
export function usesOf(flow: Flow, catalogue: Catalogue, name: string): Use[] {
  const probe = `${name}_`;
  const uses: Use[] = [];
  const reading = new Set(
    Object.entries(flow.elements)
      .filter(([, element]) => renameInSelector(element, name, probe) !== element)
      .map(([element]) => element),
  );
  for (const [id, node] of Object.entries(flow.nodes)) {
    const renamed = renameInNode(node, catalogue, name, probe);
    const byElement = elementUses(node, catalogue).filter(({ element }) => reading.has(element));
    for (const field of Object.keys(node.with))
      if (renamed.with[field] !== node.with[field] || byElement.some((use) => use.field === field))
        uses.push({ node: id, field });
  }
  for (const [field, output] of Object.entries(flow.outputs))
    if (renameInOutput(output, field, name, probe) !== output) uses.push({ node: null, field });
  return uses;
}

/** An output without a value takes the variable or input of its own name, so it needs a value once that is renamed. */
function renameInOutput(output: Output, name: string, from: string, to: string): Output {
  if (output.value === undefined) return name === from ? { ...output, value: `{${to}}` } : output;
  const value = renameInValue(output.value, from, to);
  return value === output.value ? output : { ...output, value };
}

function mapTexts(value: Json, map: (text: string) => string): Json {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) {
    const mapped = value.map((item: Json) => mapTexts(item, map));
    return mapped.some((item, index) => item !== value[index]) ? mapped : value;
  }
  if (typeof value === "object" && value !== null) return mapRecord(value as JsonObject, (item) => mapTexts(item, map));
  return value;
}
