/** Finds out what stands at a place of a template: the path before the cursor, and what is known of its fields. */
import type { Json, JsonObject } from "@/shared/flow/document";
import { expressionTokens, type Token } from "@/shared/flow/expressionTokens";
import { templateParts } from "@/shared/flow/template";
import { isTablePreview, type NameInReach } from "@/studio/expressions/names";

/** The expression around a position of a template, and the position inside of it; null in plain text. */
export function expressionAt(text: string, position: number): { source: string; position: number } | null {
  for (const part of templateParts(text)) {
    if (part.kind !== "expression") continue;
    const start = part.from + 1;
    const end = part.closed ? part.to - 1 : part.to;
    if (position >= start && position <= end) return { source: text.slice(start, end), position: position - start };
  }
  // A brace with nothing behind it yet is where somebody begins to type.
  const before = /(\\*)\{$/.exec(text.slice(0, position));
  return before && (before[1]?.length ?? 0) % 2 === 0 ? { source: "", position: 0 } : null;
}

/** The same for a text that is an expression as a whole, without braces. */
export function wholeAt(text: string, position: number): { source: string; position: number } {
  return { source: text, position };
}

export type Step = string | number;

/** What somebody is typing: the part of a word before the cursor, and the path whose field it is. */
export interface Typing {
  word: string;
  from: number;
  /** Null for a name of its own; otherwise the path before the dot, null inside of it where it is not a plain path. */
  path: readonly Step[] | null | "unclear";
}

/** What is being typed at a position of an expression; null inside of a text or a number. */
export function typingAt(source: string, position: number): Typing | null {
  const tokens = expressionTokens(source).filter((token) => token.from < position);
  const last = tokens.at(-1);
  const touches = last !== undefined && last.to >= position;
  if (touches && (last.kind === "text" || last.kind === "number" || last.kind === "wrong")) return null;
  const isWord = touches && !["operator", "open", "close"].includes(last.kind);
  const before = isWord ? tokens.slice(0, -1) : tokens;
  const word = isWord ? source.slice(last.from, position) : "";
  const from = isWord ? last.from : position;
  if (before.at(-1)?.text !== ".") return { word, from, path: null };
  return { word, from, path: pathBefore(before.slice(0, -1)) ?? "unclear" };
}

/** The path that ends with the last token: `order.lines[0]` as `["order", "lines", 0]`; null where it is not one. */
function pathBefore(tokens: readonly Token[]): Step[] | null {
  const steps: Step[] = [];
  let index = tokens.length - 1;
  for (;;) {
    const token = tokens[index];
    if (token?.kind === "close" && token.text === "]") {
      const key = tokens[index - 1];
      if (tokens[index - 2]?.text !== "[" || (key?.kind !== "number" && key?.kind !== "text")) return null;
      steps.unshift(key.kind === "number" ? Number(key.text) : key.text.slice(1, -1));
      index -= 3;
    } else if (token?.kind === "field") {
      steps.unshift(token.text);
      if (tokens[index - 1]?.text !== ".") return null;
      index -= 2;
    } else if (token?.kind === "name" || token?.kind === "local") {
      return [token.text, ...steps];
    } else return null;
  }
}

/** The path that an expression is; null where it is anything else. */
export function pathOf(expression: string): Step[] | null {
  const tokens = expressionTokens(expression);
  const path = pathBefore(tokens);
  return path !== null && pathText(path).replace(/\s/g, "") === expression.replace(/\s/g, "") ? path : null;
}

/** For each name that a comprehension makes, the path of the list that it goes through. */
function loopsOf(source: string): Map<string, Step[]> {
  const tokens = expressionTokens(source);
  const loops = new Map<string, Step[]>();
  tokens.forEach((token, index) => {
    const name = tokens[index + 1];
    if (token.text !== "for" || token.kind !== "word" || name === undefined || tokens[index + 2]?.text !== "in") return;
    let end = index + 3;
    while (tokens[end] && (["name", "field", "local"].includes(tokens[end]?.kind ?? "") || tokens[end]?.text === "."))
      end++;
    const path = pathBefore(tokens.slice(index + 3, end));
    if (path) loops.set(name.text, path);
  });
  return loops;
}

/** One field that a path has, with what is known of it. */
export interface KnownField {
  name: string;
  type: string;
  description: string;
  /** Its value in the last run, if there is one. */
  example?: Json;
}

/** The fields of what a path leads to: those that the catalogue tells, and those of the last run's value. */
export function fieldsOf(
  path: readonly Step[],
  source: string,
  names: readonly NameInReach[],
  scope: JsonObject | null,
): KnownField[] {
  const loop = loopsOf(source).get(String(path[0]));
  const whole = loop ? [...loop, 0, ...path.slice(1)] : path;
  const value = scope === null ? undefined : valueAt(scope, whole);
  const fields = new Map<string, KnownField>();
  const known = names.find(({ name }) => name === whole[0]);
  if (known && whole.length === 1) for (const field of known.fields) fields.set(field.name, { ...field });
  for (const [name, example] of entriesOf(value)) {
    const told = fields.get(name);
    fields.set(name, {
      name,
      description: "",
      ...told,
      type: told && told.type !== "any" ? told.type : typeOf(example),
      example,
    });
  }
  return [...fields.values()];
}

/** The value that a path leads to; undefined where it leads nowhere. A row of a table's preview is an object. */
export function valueAt(value: Json | undefined, path: readonly Step[]): Json | undefined {
  let here = value;
  for (const step of path) {
    if (typeof step === "number") here = itemOf(here, step);
    else here = entriesOf(here).find(([name]) => name === step)?.[1];
    if (here === undefined) return undefined;
  }
  return here;
}

function itemOf(value: Json | undefined, index: number): Json | undefined {
  if (Array.isArray(value)) return value.at(index) as Json | undefined;
  if (!isTablePreview(value)) return undefined;
  const row = value.rows.at(index);
  return row && Object.fromEntries(value.columns.map((column, place) => [column, row[place] ?? null]));
}

function entriesOf(value: Json | undefined): [string, Json][] {
  if (typeof value !== "object" || value === null || Array.isArray(value) || isTablePreview(value)) return [];
  // Previews say with such a key how much they left out.
  return Object.entries(value).filter(([name]) => name !== "…");
}

/** The type of a value in the language's words. */
export function typeOf(value: Json | undefined): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "list";
  if (isTablePreview(value)) return "table";
  if (typeof value === "string") return "text";
  return typeof value;
}

/** The call that a position is in: the function's name and the number of the argument, from 0. */
export function callAt(source: string, position: number): { name: string; argument: number; from: number } | null {
  const opened: { token: Token; name: Token | undefined; commas: number }[] = [];
  let before: Token | undefined;
  for (const token of expressionTokens(source)) {
    if (token.from >= position) break;
    if (token.kind === "open")
      opened.push({ token, name: before?.kind === "function" ? before : undefined, commas: 0 });
    else if (token.kind === "close") opened.pop();
    else if (token.text === "," && opened.length > 0) (opened.at(-1) as { commas: number }).commas++;
    before = token;
  }
  const call = opened.findLast(({ name }) => name !== undefined);
  return call?.name ? { name: call.name.text, argument: call.commas, from: call.name.from } : null;
}

/** A path as an expression writes it: `order.lines[0]["Unit price"]`. */
export function pathText(path: readonly Step[]): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (index === 0) return step;
      return /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    })
    .join("");
}

/** An expression as it is written at a position of a template: with braces in plain text, without inside of others. */
export function insideBraces(text: string, position: number, expression: string): string {
  return expressionAt(text, position) === null ? `{${expression}}` : expression;
}
