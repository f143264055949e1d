/**
 * Cuts a text of a workflow into plain text and expressions in braces, as `src/exekra/flow/templates.py` does: a brace
 * begins an expression only where a letter or an underscore follows at once.
 */
import { bracketProblem, type TextProblem } from "@/shared/flow/expressionTokens";

/** One part of a template; all parts together cover the text. `from` and `to` include the braces. */
export type TemplatePart =
  | { kind: "text"; from: number; to: number }
  /** A backslash that makes the brace after it plain text. */
  | { kind: "escape"; from: number; to: number }
  | { kind: "expression"; from: number; to: number; source: string; closed: boolean }
  | { kind: "credential"; from: number; to: number; name: string };

const CREDENTIAL = /^\{\{credential(?::([^{}]+))?\}\}$/;
/** What may begin a name, as Python sees it: a letter, and not one of the few signs that Unicode counts as letters here. */
const STARTS = String.raw`(?=[\p{L}\p{Nl}_])[\p{XID_Start}_]`;
const BRACE = new RegExp(String.raw`(\\*)\{(\{)?(${STARTS})?`, "gu");
const PLAIN_BRACE = new RegExp(String.raw`(\\*)\{(\{?${STARTS})?`, "gu");
const NAME_FIRST = new RegExp(`^${STARTS}`, "u");

/** The parts of a template, in order. */
export function templateParts(text: string): TemplatePart[] {
  const credential = CREDENTIAL.exec(text);
  if (credential) return [{ kind: "credential", from: 0, to: text.length, name: (credential[1] ?? "").trim() }];
  const parts: TemplatePart[] = [];
  let done = 0;
  const add = (part: TemplatePart) => {
    if (part.from > done) parts.push({ kind: "text", from: done, to: part.from });
    parts.push(part);
    done = part.to;
  };
  BRACE.lastIndex = 0;
  for (let found = BRACE.exec(text); found !== null; found = BRACE.exec(text)) {
    const backslashes = found[1]?.length ?? 0;
    const brace = found.index + backslashes;
    // The second brace of two may begin an expression of its own.
    BRACE.lastIndex = brace + 1;
    if (backslashes % 2 === 1) {
      add({ kind: "escape", from: brace - 1, to: brace + 1 });
    } else if (found[3] !== undefined) {
      const start = found[2] === undefined ? brace + 1 : brace + 2;
      const end = expressionEnd(text, start);
      const to = Math.min((end ?? text.length) + 1, text.length);
      const double = found[2] !== undefined;
      const last = double && text[to] === "}" ? to + 1 : to;
      const closed = end !== null && !double;
      add({ kind: "expression", from: brace, to: last, source: text.slice(start, end ?? text.length), closed });
      BRACE.lastIndex = last;
    }
  }
  if (done < text.length) parts.push({ kind: "text", from: done, to: text.length });
  return parts;
}

/** Where the brace is that closes an expression; null when there is none. */
function expressionEnd(text: string, start: number): number | null {
  let depth = 0;
  for (let position = start; position < text.length; position++) {
    const character = text[position] ?? "";
    if (character === '"' || character === "'") {
      const end = quoteEnd(text, position);
      if (end === null) return null;
      position = end;
    } else if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) {
      if (depth === 0) return character === "}" ? position : null;
      depth--;
    }
  }
  return null;
}

function quoteEnd(text: string, start: number): number | null {
  for (let position = start + 1; position < text.length; position++) {
    if (text[position] === "\\") position++;
    else if (text[position] === text[start]) return position;
    else if (text[position] === "\n" || text[position] === "\r") return null;
  }
  return null;
}

/** The expression of a text that is one expression and nothing else, so that its value keeps its type; else null. */
export function wholeExpression(text: string): string | null {
  const [only, ...more] = templateParts(text);
  return only?.kind === "expression" && only.closed && more.length === 0 ? only.source : null;
}

/** The credential that a text refers to, "" for the one of the field; null when it is not one. */
export function credentialName(text: string): string | null {
  const [only] = templateParts(text);
  return only?.kind === "credential" ? only.name : null;
}

/** Plain text as a template that means just this text. */
export function escapeTemplate(text: string): string {
  return text.replace(
    PLAIN_BRACE,
    (_all, slashes: string, starts: string | undefined) =>
      `${slashes}${slashes}${starts === undefined ? "{" : `\\{${starts.startsWith("{") ? `\\${starts}` : starts}`}`,
  );
}

/** What a template without an expression means; null where it has one. */
export function plainText(text: string): string | null {
  if (templateParts(text).some((part) => part.kind === "expression" || part.kind === "credential")) return null;
  return text.replace(/(\\+)\{/g, (_all, slashes: string) => `${"\\".repeat(slashes.length >> 1)}{`);
}

/** What is wrong with a template's braces, brackets and quotes, as far as it can be seen without the Hub. */
export function templateProblem(text: string): TextProblem | null {
  for (const part of templateParts(text)) {
    if (part.kind !== "expression") continue;
    if (text.startsWith("{{", part.from)) {
      const message = text.startsWith("{{credential", part.from)
        ? "A credential must be the whole text, with nothing before or after it."
        : "An expression is written in single braces: {name}. If the outer brace is plain text, write \\{.";
      return { message, from: part.from, to: part.to };
    }
    const inner = bracketProblem(part.source);
    const offset = part.from + 1;
    if (inner) return { message: inner.message, from: inner.from + offset, to: inner.to + offset };
    if (!part.closed)
      return { message: "A } is missing here. If the brace is plain text, write \\{.", from: part.from, to: part.to };
  }
  return null;
}

/** The text of an expression's field when it is left: braces are put around what is an expression without them. */
export function withBraces(text: string): string {
  const bare = text.trim();
  if (bare === "" || templateParts(bare).some(({ kind }) => kind !== "text")) return text;
  return NAME_FIRST.test(bare) ? `{${bare}}` : text;
}
