/** What can be done about a problem with one click. All are edits like any other, so they can be undone. */
import type { Catalogue } from "@/shared/flow/catalogue";
import { type Flow, type FlowNode, type Json, nodeOf } from "@/shared/flow/document";
import { mapSelectors } from "@/shared/flow/elements";
import { expressionTokens } from "@/shared/flow/expressionTokens";
import { isObject } from "@/shared/flow/readDocument";
import { itemOf, moveKey } from "@/shared/flow/records";
import { templateParts } from "@/shared/flow/template";
import type { Edit } from "@/studio/model/edit";
import { removeVariable, setVariable, silence } from "@/studio/model/edits/declarations";
import { removeElement } from "@/studio/model/edits/elements";
import { setActivity, setInput, setSettings } from "@/studio/model/edits/fields";
import { shapeProblem, takenNames } from "@/studio/model/names";
import { renameInValue } from "@/studio/model/references";
import type { FlowProblem } from "@/studio/state/editor";

/** A change that takes a problem away. */
export interface QuickFix {
  label: string;
  edit: Edit;
}

/** The fixes for a problem, the most likely first. */
export function quickFixes(problem: FlowProblem, flow: Flow, catalogue: Catalogue): QuickFix[] {
  const node = problem.node ? nodeOf(flow, problem.node) : undefined;
  const fixes = node && problem.node ? nodeFixes(problem, problem.node, node, catalogue) : [];
  return [...fixes, ...declaring(problem, flow, catalogue), ...removing(problem), ...silencing(problem)];
}

function nodeFixes(problem: FlowProblem, id: string, node: FlowNode, catalogue: Catalogue): QuickFix[] {
  const { code } = problem;
  const { name: wrong, meant, owner } = problem.arguments;
  const field = problem.field?.split(".", 1)[0] ?? "";
  if (code === "not-enabled" && wrong !== undefined && wrong !== id) {
    return [{ label: `Enable ${wrong}`, edit: setSettings(wrong, { enabled: true }) }];
  }
  if (meant === undefined || wrong === undefined) return [];
  const label = `Use ${meant}`;
  if (code === "unknown-activity") return [{ label, edit: setActivity(id, meant) }];
  const value = itemOf(node.with, field);
  if (value === undefined) return [];
  if (code === "unknown-input") {
    const inner = problem.field?.slice(field.length + 1) ?? "";
    if (inner === "") return [{ label, edit: moveField(id, node, field, meant) }];
    return isObject(value) && !Object.hasOwn(value, meant)
      ? [{ label, edit: setInput(id, field, moveKey(value, inner, meant)) }]
      : [];
  }
  if (code === "unknown-variable") return [{ label, edit: setInput(id, field, meant) }];
  if (code === "unknown-element") {
    const schema = catalogue.entryOf(node).inputs.find((input) => input.name === field)?.schema ?? {};
    const fixed = mapSelectors(schema, value, (selector) => (selector === wrong ? meant : selector));
    return [{ label, edit: setInput(id, field, fixed) }];
  }
  if (code === "unknown-name") return [{ label, edit: setInput(id, field, renameInValue(value, wrong, meant)) }];
  if (code === "unknown-field" && owner !== undefined) {
    return [{ label, edit: setInput(id, field, renameField(value, owner, wrong, meant)) }];
  }
  return [];
}

function moveField(id: string, node: FlowNode, from: string, to: string): Edit {
  return {
    label: `Rename field ${from}`,
    apply: (flow) => {
      if (Object.hasOwn(node.with, to)) return flow;
      return { ...flow, nodes: { ...flow.nodes, [id]: { ...node, with: moveKey(node.with, from, to) } } };
    },
  };
}

/** A name that nothing has can be declared. */
function declaring(problem: FlowProblem, flow: Flow, catalogue: Catalogue): QuickFix[] {
  const isDeclarable = problem.code === "unknown-name" || problem.code === "unknown-variable";
  const name = isDeclarable ? problem.arguments.name : undefined;
  if (name === undefined || shapeProblem(name) !== null || takenNames(flow, catalogue).has(name)) return [];
  return [{ label: `Declare the variable ${name}`, edit: setVariable(name, { type: "any" }) }];
}

function removing({ code, field }: FlowProblem): QuickFix[] {
  const name = field?.split(".")[1];
  if (name === undefined) return [];
  if (code === "unused-variable") return [{ label: `Remove ${name}`, edit: removeVariable(name) }];
  return code === "unused-element" ? [{ label: `Remove ${name}`, edit: removeElement(name) }] : [];
}

function silencing({ severity, code, node }: FlowProblem): QuickFix[] {
  if (severity !== "warning") return [];
  return [
    ...(node ? [{ label: "Silence it for this step", edit: silence(code, node) }] : []),
    { label: "Silence it for the workflow", edit: silence(code, null) },
  ];
}

/** A value in whose templates `name.from` has become `name.to`. */
export function renameField(value: Json, name: string, from: string, to: string): Json {
  if (typeof value === "string") return renameFieldInText(value, name, from, to);
  if (Array.isArray(value)) return value.map((item) => renameField(item, name, from, to));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renameField(item, name, from, to)]));
}

function renameFieldInText(text: string, name: string, from: string, to: string): string {
  const places: number[] = [];
  for (const part of templateParts(text)) {
    if (part.kind !== "expression") continue;
    const tokens = expressionTokens(part.source);
    tokens.forEach((token, index) => {
      const isField = token.kind === "field" && token.text === from && tokens[index - 1]?.text === ".";
      const owner = tokens[index - 2];
      if (isField && owner?.kind === "name" && owner.text === name) places.push(part.from + 1 + token.from);
    });
  }
  return places.reduceRight((whole, at) => whole.slice(0, at) + to + whole.slice(at + from.length), text);
}
