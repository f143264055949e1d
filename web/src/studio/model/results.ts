/** What steps give, what inputs take, and which of the one fits the other. */
import type { Catalogue, CatalogueEntry, InputEntry, OutputEntry } from "@/shared/flow/catalogue";
import { nodeOf, type Flow, type Json, type JsonObject } from "@/shared/flow/document";
import { wholeExpression } from "@/shared/flow/template";
import { stepsBefore } from "@/studio/model/before";

/** The kinds of values that go from step to step by themselves. */
export type Kind = "table" | "list" | "file" | "text";

/** One named value that a step gives. */
export interface Result {
  readonly step: string;
  readonly output: OutputEntry;
  /** Null for a value that only an expression takes. */
  readonly kind: Kind | null;
  /** The first result of a step is what the step is for. */
  readonly main: boolean;
  /** Whether it is there on every way. */
  readonly certain: boolean;
}

/** What is asked of an input to see whether a result fits it. */
export type Taker = Pick<InputEntry, "name" | "schema">;

const KINDS: Readonly<Record<string, Kind>> = {
  table: "table",
  list: "list",
  file: "file",
  text: "text",
  multiline: "text",
};

/** The results of one step, by its outputs. */
export function resultsOfStep(flow: Flow, catalogue: Catalogue, step: string, certain = true): Result[] {
  const node = nodeOf(flow, step);
  if (node === undefined) return [];
  return catalogue
    .entryOf(node)
    .outputs.map((output, place) => ({ step, output, kind: kindOf(output.schema), main: place === 0, certain }));
}

/** All results that a step can read: the certain ones first, the latest of each first. */
export function resultsBefore(flow: Flow, catalogue: Catalogue, step: string): Result[] {
  const { certain, possible } = stepsBefore(flow, catalogue, step);
  return [
    ...certain.flatMap((other) => resultsOfStep(flow, catalogue, other)),
    ...possible.flatMap((other) => resultsOfStep(flow, catalogue, other, false)),
  ];
}

/** The latest main result that is there for certain behind a step; null where no step before gives one. */
export function resultBehind(flow: Flow, catalogue: Catalogue, step: string, failed: boolean): Result | null {
  const own = failed ? [] : resultsOfStep(flow, catalogue, step);
  const all = [...own, ...resultsBefore(flow, catalogue, step)];
  return all.find(({ kind, main, certain }) => kind !== null && main && certain) ?? null;
}

/** Whether a step of that kind would take a result by itself. */
export function takes(entry: CatalogueEntry, result: Result): boolean {
  return entry.inputs.some((input) => input.required && isMeantFor(result, input));
}

/** The kinds that an input takes. An input for a file takes none unless it says so: it may be one to be written. */
export function kindsTaken({ schema }: Pick<Taker, "schema">): readonly Kind[] {
  const said = schema["x-takes"];
  if (Array.isArray(said)) return said.filter((kind): kind is Kind => typeof kind === "string" && kind in KINDS);
  const kind = kindOf(schema);
  return kind === null || kind === "file" || namesColumns(schema) ? [] : [kind];
}

/** Whether a result may stand in an input as it is. */
export function fits(result: Result, input: Taker): boolean {
  if (result.kind === null || !kindsTaken(input).includes(result.kind)) return false;
  return sameItems(result.output.schema, input.schema);
}

/**
 * Whether a result is so likely what an input is for that it is filled in. A text must be content: of several lines, or
 * of the same name; a name or an address is none.
 */
export function isMeantFor(result: Result, input: Taker): boolean {
  if (!result.certain || !result.main || !fits(result, input)) return false;
  return result.kind !== "text" || input.schema["x-widget"] === "multiline" || input.name === result.output.name;
}

/** A result as a field holds it. */
export function referenceTo({ step, output }: Result): string {
  return `{${step}.${output.name}}`;
}

/** The result that a value is a reference to, and nothing else; null for any other value. */
export function resultOf(flow: Flow, catalogue: Catalogue, value: Json | undefined): Result | null {
  const path = typeof value === "string" ? wholeExpression(value)?.trim().split(".") : undefined;
  if (path?.length !== 2) return null;
  const [step = "", name] = path;
  return resultsOfStep(flow, catalogue, step).find(({ output }) => output.name === name) ?? null;
}

/** What people call a result: `Rows from Read CSV`, with the step's name where several steps are of that kind. */
export function nameOfResult(flow: Flow, catalogue: Catalogue, { step, output }: Result): string {
  const activity = nodeOf(flow, step)?.do;
  const like = Object.values(flow.nodes).filter((node) => node.do === activity);
  const title = activity === undefined ? step : catalogue.entryOf({ do: activity, with: {} }).title;
  return `${titleOfOutput(output.name)} from ${title}${like.length > 1 ? ` (${step})` : ""}`;
}

/** An output's name as people read it: `line_end` as `Line end`. */
export function titleOfOutput(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function kindOf(schema: JsonObject): Kind | null {
  const widget = schema["x-widget"];
  return typeof widget === "string" && Object.hasOwn(KINDS, widget) ? (KINDS[widget] ?? null) : null;
}

/** Whether a list holds names of columns, by themselves or in objects: no step gives those. */
function namesColumns(schema: JsonObject): boolean {
  return schema["x-widget"] === "list" && JSON.stringify(schema).includes('"x-table"');
}

/** Whether lists do not hold items of different types, as far as both say. */
function sameItems(one: JsonObject, other: JsonObject): boolean {
  const [left, right] = [itemType(one), itemType(other)];
  return left === undefined || right === undefined || left === right;
}

function itemType({ items }: JsonObject): Json | undefined {
  return typeof items === "object" && items !== null && !Array.isArray(items) ? (items as JsonObject).type : undefined;
}
