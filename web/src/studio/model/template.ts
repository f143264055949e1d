/**
 * What a template and an expression are made of, as the Hub divides them: enough to find names and to show them, not to
 * evaluate anything. Positions are in the text's own units, from 0; `end` is the position after the last character.
 */

/** A part of a template. An expression's positions are those inside its braces. */
export interface TemplatePart {
  readonly kind: "text" | "expression" | "credential";
  readonly start: number;
  readonly end: number;
}

/** A piece of an expression. `open` marks what does not end, such as a quote. */
export interface Token {
  readonly kind: "name" | "attribute" | "function" | "keyword" | "argument" | "number" | "string" | "sign";
  readonly start: number;
  readonly end: number;
  readonly open?: boolean;
}

const CREDENTIAL = /^\{\{credential(?::([^{}]+))?\}\}$/;
const BRACE = /(\\*)\{(?=[\p{L}_])/gu;
const WORD = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy;
const NUMBER = /\d[\p{L}\p{N}_.]*/uy;
const PAIRS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** The words of expressions that name nothing. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  "and or not in is if else for true false null True False None lambda async await".split(" "),
);

/** The parts of a template, which cover it all. An expression that is not closed reaches to the end. */
export function divideTemplate(text: string): TemplatePart[] {
  if (CREDENTIAL.test(text)) return [{ kind: "credential", start: 0, end: text.length }];
  const parts: TemplatePart[] = [];
  let plain = 0;
  BRACE.lastIndex = 0;
  for (let found = BRACE.exec(text); found !== null; found = BRACE.exec(text)) {
    const escaped = (found[1]?.length ?? 0) % 2 === 1;
    if (escaped) continue;
    const start = found.index + found[0].length;
    const end = expressionEnd(text, start);
    if (start - 1 > plain) parts.push({ kind: "text", start: plain, end: start - 1 });
    parts.push({ kind: "expression", start, end });
    plain = Math.min(end + 1, text.length);
    BRACE.lastIndex = plain;
  }
  if (plain < text.length) parts.push({ kind: "text", start: plain, end: text.length });
  return parts;
}

/** The expression that a text consists of alone, which keeps its type; null where the text is anything else. */
export function wholeExpression(text: string): string | null {
  const [part, ...others] = divideTemplate(text);
  if (part?.kind !== "expression" || others.length > 0 || part.end === text.length) return null;
  return part.start === 1 ? text.slice(part.start, part.end) : null;
}

/** The position of the brace that closes the expression which begins at `start`; the text's length where none does. */
export function expressionEnd(text: string, start: number): number {
  let depth = 0;
  for (let position = start; position < text.length; position += 1) {
    const character = text.charAt(position);
    if (character === '"' || character === "'") position = stringEnd(text, position) - 1;
    else if (character in PAIRS) depth += 1;
    else if (character === "}" && depth === 0) return position;
    else if (")]}".includes(character)) depth = Math.max(0, depth - 1);
  }
  return text.length;
}

/** The tokens of an expression; blanks are between them. */
export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < expression.length) {
    const token = tokenAt(expression, position, tokens);
    if (token) tokens.push(token);
    position = token?.end ?? position + 1;
  }
  return tokens;
}

function tokenAt(text: string, start: number, before: readonly Token[]): Token | null {
  const character = text.charAt(start);
  if (/\s/.test(character)) return null;
  if (character === '"' || character === "'") return stringAt(text, start, start);
  const number = matchAt(NUMBER, text, start);
  if (number) return { kind: "number", start, end: start + number.length };
  const word = matchAt(WORD, text, start);
  if (!word) return { kind: "sign", start, end: start + ((text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1) };
  const end = start + word.length;
  if (/^[rR]$/.test(word) && /["']/.test(text.charAt(end))) return stringAt(text, start, end);
  return { kind: kindOfWord(text, word, end, before), start, end };
}

function kindOfWord(text: string, word: string, end: number, before: readonly Token[]): Token["kind"] {
  const last = before.at(-1);
  if (last && text.slice(last.start, last.end) === ".") return "attribute";
  if (KEYWORDS.has(word)) return "keyword";
  const after = /^\s*(\(|=(?!=))?/.exec(text.slice(end))?.[1];
  if (after === "(") return "function";
  return after === "=" ? "argument" : "name";
}

function stringAt(text: string, start: number, quote: number): Token {
  const end = stringEnd(text, quote);
  const closed = end > quote + 1 && text.charAt(end - 1) === text.charAt(quote);
  return { kind: "string", start, end, ...(!closed && { open: true }) };
}

function stringEnd(text: string, quote: number): number {
  for (let position = quote + 1; position < text.length; position += 1) {
    if (text.charAt(position) === "\\") position += 1;
    else if (text.charAt(position) === text.charAt(quote)) return position + 1;
  }
  return text.length;
}

function matchAt(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0];
}
