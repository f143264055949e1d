import type { Json } from "@/shared/flow/document";

const ONE_LINE = 88;
const INLINE_FROM = 2;
const LARGEST_IN_DIGITS = 1e18;
/** Words that mean the same with and without quotes, wherever they stand, also for readers of older YAML. */
const PLAIN = /^[A-Za-z_](?:[\w ./()>-]*[\w./()>-])?$/;
const RESERVED = /^(?:null|true|false|yes|no|on|off)$/i;
/** Texts of several lines that mean the same as a block. */
const BLOCK = /^[^\s\p{C}][^\p{C}\u2028\u2029]*(?:\n[^\p{C}\u2028\u2029]*)+$/u;
const SPACES_AT_AN_END = /[^\S\n](?:\n|$)/;
/** What may not stand in YAML as it is, though it may in JSON. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Plain data as YAML for people, as the Hub writes it: short objects in one line, texts of several lines as `|`. */
export function writeYaml(value: Readonly<Record<string, Json>>): string {
  return `${entries(value, "", 0).join("\n")}\n`;
}

type Items = Readonly<Record<string, Json>>;

function entries(value: Items, indent: string, depth: number): string[] {
  return Object.entries(value).flatMap(([key, item]) => after(`${indent}${scalar(key)}:`, item, indent, depth + 1));
}

/** The lines of a value behind what leads to it. */
function after(head: string, value: Json, indent: string, depth: number): string[] {
  if (typeof value === "string" && BLOCK.test(value) && !SPACES_AT_AN_END.test(value))
    return block(head, value, indent);
  if (typeof value !== "object" || value === null) return [`${head} ${scalar(value)}`];
  const items: readonly Json[] = Array.isArray(value) ? value : Object.values(value);
  const hasStep = !Array.isArray(value) && "do" in value;
  if (items.length === 0 || (depth >= INLINE_FROM && !hasStep && fits(value, items)))
    return [`${head} ${inline(value)}`];
  if (Array.isArray(value)) return [head, ...value.flatMap((item) => listItem(item, indent, depth + 1))];
  return [head, ...entries(value as Items, `${indent}  `, depth)];
}

function listItem(item: Json, indent: string, depth: number): string[] {
  const lines = after(`${indent}-`, item, `${indent}  `, depth);
  if (lines[0] !== `${indent}-`) return lines;
  // What stands in lines of its own begins behind the dash.
  const [first = "", ...rest] = Array.isArray(item) ? lines.slice(1) : entries(item as Items, `${indent}  `, depth);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

function block(head: string, text: string, indent: string): string[] {
  const ends = /\n*$/.exec(text)?.[0].length ?? 0;
  const sign = ends === 0 ? "|-" : ends === 1 ? "|" : "|+";
  const lines = text.split("\n");
  if (ends > 0) lines.pop();
  return [`${head} ${sign}`, ...lines.map((line) => (line === "" ? "" : `${indent}  ${line}`))];
}

function fits(value: Json, items: readonly Json[]): boolean {
  const flat = items.every((item) => typeof item !== "object" || item === null || Object.keys(item).length === 0);
  const oneLine = !items.some((item) => typeof item === "string" && item.includes("\n"));
  return flat && oneLine && JSON.stringify(value).length <= ONE_LINE;
}

function inline(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item) => inline(item)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return scalar(value);
  const pairs = Object.entries(value).map(([key, item]) => `${scalar(key)}: ${inline(item as Json)}`);
  return `{${pairs.join(", ")}}`;
}

function scalar(value: string | number | boolean | null): string {
  // Longer digits would be read as a text.
  if (typeof value === "number" && Math.abs(value) > LARGEST_IN_DIGITS) return value.toExponential();
  if (typeof value !== "string") return JSON.stringify(value);
  if (PLAIN.test(value) && !RESERVED.test(value)) return value;
  return JSON.stringify(value).replace(UNPRINTABLE, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
