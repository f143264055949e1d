/** The three kinds of declarations of a flow, and what can be done with each. */
import { type Flow, type Json, type JsonObject, VALUE_TYPES, type ValueType } from "@/shared/flow/document";
import { numberOf } from "@/shared/format/numbers";
import type { Edit } from "@/studio/model/edit";
import {
  removeFlowInput,
  removeFlowOutput,
  removeVariable,
  setFlowInput,
  setFlowOutput,
  setVariable,
} from "@/studio/model/edits/declarations";
import { renameFlowInput, renameFlowOutput, renameVariable } from "@/studio/model/edits/rename";

export type Section = "inputs" | "outputs" | "variables";

/** A declaration of any of the three kinds. */
export interface Declaration {
  readonly type?: ValueType;
  readonly description?: string;
  readonly default?: Json;
  readonly value?: Json;
}

interface SectionEdits {
  title: string;
  /** One of them, in a sentence. */
  noun: string;
  /** What they are for, where there is none yet. */
  empty: string;
  /** What new ones are called, with a number behind it where that is taken. */
  freshName: string;
  set: (name: string, declaration: Declaration) => Edit;
  remove: (name: string) => Edit;
  rename: (from: string, to: string) => Edit;
}

export const SECTIONS: Record<Section, SectionEdits> = {
  variables: {
    title: "Variables",
    noun: "variable",
    empty: "A variable holds a value that steps change along the way, such as a total or a list of rejected orders.",
    freshName: "value",
    set: setVariable,
    remove: removeVariable,
    rename: renameVariable,
  },
  inputs: {
    title: "Inputs",
    noun: "input",
    empty: "An input is given when the workflow starts, such as the file to read.",
    freshName: "input",
    set: setFlowInput,
    remove: removeFlowInput,
    rename: renameFlowInput,
  },
  outputs: {
    title: "Outputs",
    noun: "output",
    empty:
      "An output is what the workflow returns when it ends: to whoever started it, or to a workflow that calls it.",
    freshName: "output",
    set: setFlowOutput,
    remove: removeFlowOutput,
    rename: renameFlowOutput,
  },
};

export const TYPE_CHOICES = VALUE_TYPES.map((type) => ({
  value: type,
  label: type.charAt(0).toUpperCase() + type.slice(1),
}));

const SCHEMAS: Record<ValueType, JsonObject> = {
  text: { type: "string", "x-widget": "text" },
  number: { type: "number", "x-widget": "number" },
  boolean: { type: "boolean", "x-widget": "switch" },
  date: {
    anyOf: [
      { type: "string", format: "date-time" },
      { type: "string", format: "date" },
    ],
    "x-widget": "date",
  },
  time: { type: "string", "x-widget": "text" },
  duration: { type: "string", "x-widget": "text" },
  list: { type: "array", items: {}, "x-widget": "list" },
  object: { type: "object", "x-widget": "object" },
  table: { type: "array", "x-widget": "table" },
  file: { type: "string", "x-widget": "file" },
  credential: { type: "string", "x-widget": "text" },
  any: { "x-widget": "any" },
};

/** The schema for a literal of a declared type. */
export function schemaOfType(type: ValueType): JsonObject {
  return SCHEMAS[type];
}

/** A declaration with one part changed; undefined takes the part out. */
export function changed(
  declaration: Declaration,
  change: { [Part in keyof Declaration]: Declaration[Part] | undefined },
) {
  const merged = Object.entries({ ...declaration, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(merged) as Declaration;
}

/** A declaration with another type. A default that was written for the former type goes, unless it may fit. */
export function withType(declaration: Declaration, type: ValueType): Declaration {
  const fits = declaration.default === undefined || declaration.default === null || type === "any";
  return changed(declaration, { type, default: fits ? declaration.default : converted(declaration.default, type) });
}

function converted(value: Json | undefined, type: ValueType): Json {
  if (type === "number" && typeof value === "string") return numberOf(value);
  if (["text", "file"].includes(type) && typeof value !== "object") return String(value);
  const isList = Array.isArray(value);
  if (isList && (type === "list" || type === "table")) return value as Json;
  if (!isList && typeof value === "object" && type === "object") return value as Json;
  return null;
}

/** The declarations of a section. */
export function declarationsOf(flow: Flow, section: Section): Readonly<Record<string, Declaration>> {
  return flow[section];
}
