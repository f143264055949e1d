/** Reads the JSON Schema of an input as far as a form needs it. Whatever else stands in it does no harm. */
import type { Json, JsonObject } from "@/shared/flow/document";
import { isWidgetName, type WidgetName } from "@/studio/form/widgetNames";

/** What a form knows of a value. */
export interface Shape {
  widget: WidgetName;
  /** Whether nothing (null) is a value of its own. */
  nullable: boolean;
  /** Whether a text is a value, for widgets that are not of text. */
  takesText: boolean;
  choices: readonly Json[];
  /** What a choice is called where that is more than its value; the titles by the choice as JSON. */
  choiceTitles: ReadonlyMap<string, string>;
  /** Whether a text that is not among the choices is a value, too. */
  takesOther: boolean;
  minimum: number | undefined;
  maximum: number | undefined;
  whole: boolean;
  language: string;
  /** The schema of a list's items, and of an object's values where they have no names. */
  items: JsonObject;
  /** The named fields of an object; empty where any name may stand. */
  properties: readonly Property[];
  /** Whether an object may have names beside those. */
  open: boolean;
  /** The schema itself, with its definitions. */
  schema: JsonObject;
}

export interface Property {
  name: string;
  title: string;
  description: string;
  required: boolean;
  default: Json | undefined;
  schema: JsonObject;
}

/** The shape that a schema describes. Definitions of the root go on to the schemas inside. */
export function shapeOf(schema: JsonObject): Shape {
  const root = schema.$defs;
  const inner = (part: Json | undefined): JsonObject =>
    isRecord(part) ? (root === undefined ? part : { ...part, $defs: root }) : {};
  const all = alternatives(resolve(schema));
  const kinds = all.filter((part) => part.type !== "null");
  const main = kinds.find((part) => part.type !== "string") ?? kinds[0] ?? {};
  const found = { ...main, ...without(schema, "anyOf", "$ref") } as JsonObject;
  return {
    widget: widgetOf(schema, kinds),
    nullable: all.length > kinds.length,
    takesText: kinds.some((part) => part.type === "string" || part.type === undefined),
    choices: choicesOf(kinds),
    choiceTitles: new Map(kinds.flatMap(titledChoices).map(({ value, title }) => [JSON.stringify(value), title])),
    takesOther: kinds.some((part) => titledChoices(part).length > 0),
    minimum: numberOf(found.minimum),
    maximum: numberOf(found.maximum),
    whole: found.type === "integer",
    language: typeof found["x-language"] === "string" ? found["x-language"] : "plain",
    items: inner(found.type === "object" ? found.additionalProperties : found.items),
    properties: propertiesOf(found, inner),
    open: found.additionalProperties !== false,
    schema,
  };
}

function widgetOf(schema: JsonObject, kinds: readonly JsonObject[]): WidgetName {
  const named = [schema, ...kinds].map((part) => part["x-widget"]).find(isWidgetName);
  if (named) return named;
  if (choicesOf(kinds).length > 0) return "choice";
  const types = new Set(kinds.map((part) => part.type));
  if (kinds.length === 0 || types.has(undefined)) return "any";
  if (types.size > 1) return [...types].every((type) => type === "integer" || type === "number") ? "number" : "any";
  switch ([...types][0]) {
    case "string":
      return "text";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "switch";
    case "array":
      return "list";
    case "object":
      return "object";
    default:
      return "any";
  }
}

function alternatives(schema: JsonObject): JsonObject[] {
  const parts = Array.isArray(schema.anyOf) ? schema.anyOf : Array.isArray(schema.oneOf) ? schema.oneOf : [schema];
  return parts
    .filter(isRecord)
    .map((part) => resolve({ ...part, ...(schema.$defs !== undefined && { $defs: schema.$defs }) }));
}

function resolve(schema: JsonObject): JsonObject {
  if (typeof schema.$ref !== "string" || !isRecord(schema.$defs)) return schema;
  const target = schema.$defs[schema.$ref.split("/").at(-1) ?? ""];
  return isRecord(target) ? { ...target, ...without(schema, "$ref") } : schema;
}

function choicesOf(kinds: readonly JsonObject[]): readonly Json[] {
  return kinds.flatMap((part) => {
    if (Array.isArray(part.enum)) return part.enum;
    if (part.const !== undefined) return [part.const];
    return titledChoices(part).map(({ value }) => value);
  });
}

/** `x-choices`: the usual values with their titles, where any other may be written. */
function titledChoices(part: JsonObject): readonly { value: Json; title: string }[] {
  const listed = Array.isArray(part["x-choices"]) ? part["x-choices"].filter(isRecord) : [];
  return listed.flatMap(({ value, title }) =>
    value !== undefined && typeof title === "string" ? [{ value, title }] : [],
  );
}

function propertiesOf(schema: JsonObject, inner: (part: Json | undefined) => JsonObject): Property[] {
  if (!isRecord(schema.properties)) return [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties).map(([name, part]) => {
    const field = isRecord(part) ? part : {};
    return {
      name,
      title: typeof field.title === "string" ? field.title : titleOf(name),
      description: typeof field.description === "string" ? field.description : "",
      required: required.includes(name),
      default: field.default,
      schema: inner(part),
    };
  });
}

/** A name as people read it: `header_name` as `Header name`. */
export function titleOf(name: string): string {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function isRecord(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function without(schema: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !names.includes(name)));
}
