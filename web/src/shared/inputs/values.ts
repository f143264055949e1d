import { isFileReference, type FileReference } from "@/shared/api/upload";
import { numberOf, readNumber, writeNumber } from "@/shared/format/numbers";
import type { Json, Parameter, ValueType } from "@/shared/flow/document";

/** What an input's field holds while it is edited, by the input's name. */
export type InputTexts = Readonly<Record<string, string>>;

/** What the field of a file holds while the file is on its way to the Hub. */
export const ARRIVING = "\u0000";

/** The file of the Hub that a field's text stands for; null where it is a path. */
export function fileIn(text: string): FileReference | null {
  if (!text.startsWith('{"$file"')) return null;
  const value: unknown = JSON.parse(text);
  return isFileReference(value) ? value : null;
}

const AS_JSON: readonly ValueType[] = ["list", "object", "table", "any"];

/** Whether the type is written as JSON. */
export function isJson(type: ValueType): boolean {
  return AS_JSON.includes(type);
}

/** What a field begins with: the default of the input as it is typed. */
export function textOf(parameter: Parameter): string {
  const value = parameter.default;
  if (value === undefined || value === null) return "";
  if (isJson(parameter.type ?? "any")) return JSON.stringify(value, null, 2);
  if (typeof value === "number") return writeNumber(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The value that a text stands for, or what is wrong with it. `undefined` leaves the input to its default. */
export type Reading = { value: Json | undefined } | { problem: string };

/** Reads a field. */
export function readText(parameter: Parameter, text: string): Reading {
  const optional = parameter.default !== undefined;
  if (optional && text === textOf(parameter)) return { value: undefined };
  const type = parameter.type ?? "any";
  if (type === "boolean") return { value: text === "true" };
  if (type === "text") return { value: text };
  if (text.trim() === "") return optional ? { value: undefined } : { problem: "This is required." };
  switch (type) {
    case "number":
      return readNumeric(text);
    case "duration":
      return { value: numberOf(text) ?? text.trim() };
    case "list":
      return readJson(text, Array.isArray, "This must be a list, such as [1, 2, 3].");
    case "table":
      return readJson(text, isTable, 'This must be a list of rows, such as [{"name": "Ada"}].');
    case "object":
      return readJson(text, isObject, 'This must be an object, such as {"name": "Ada"}.');
    case "any":
      return readAny(text);
    case "file":
      return text === ARRIVING ? { problem: "The file is still being sent." } : { value: readFile(text) };
    default:
      return { value: text };
  }
}

/** All fields together: the inputs to send, or the problems by name. */
export function readAll(
  parameters: Readonly<Record<string, Parameter>>,
  texts: InputTexts,
): { inputs: Record<string, Json>; problems: Record<string, string> } {
  const inputs: Record<string, Json> = {};
  const problems: Record<string, string> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const reading = readText(parameter, texts[name] ?? "");
    if ("problem" in reading) problems[name] = reading.problem;
    else if (reading.value !== undefined) inputs[name] = reading.value;
  }
  return { inputs, problems };
}

function readFile(text: string): Json {
  const file = fileIn(text);
  return file === null ? text : { ...file };
}

function readNumeric(text: string): Reading {
  const reading = readNumber(text);
  if (reading === null) return { problem: "This is required." };
  if ("either" in reading) return { problem: "Choose the number that you mean." };
  return "problem" in reading ? reading : { value: reading.value };
}

function readJson(text: string, fits: (value: unknown) => boolean, problem: string): Reading {
  try {
    const value = JSON.parse(text) as Json;
    return fits(value) ? { value } : { problem };
  } catch {
    return { problem };
  }
}

/** JSON where it is JSON, otherwise the text itself. */
function readAny(text: string): Reading {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return { value: text };
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTable(value: unknown): boolean {
  return Array.isArray(value) && value.every(isObject);
}
