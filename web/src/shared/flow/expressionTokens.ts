/**
 * Cuts the text of an expression into tokens, for colours, completion and renaming. It follows
 * `src/exekra/flow/expressions/source.py`; what is wrong becomes a token too, so the whole text is always covered.
 */

export type TokenKind =
  | "name"
  | "function"
  | "field"
  | "argument"
  | "local"
  | "word"
  | "constant"
  | "number"
  | "text"
  | "operator"
  | "open"
  | "close"
  | "wrong";

/** One token; `from` and `to` count in the text that was given to `expressionTokens`. Blanks lie between tokens. */
export interface Token {
  kind: TokenKind;
  from: number;
  to: number;
  text: string;
}

const WORDS = new Set(["and", "or", "not", "in", "is", "if", "else", "for"]);
const CONSTANTS = new Set(["true", "false", "null", "True", "False", "None"]);
const TOKEN =
  /(?<blank>\s+)|(?<text>[rR]?"(?:\\.|[^"\\\n\r])*"|[rR]?'(?:\\.|[^'\\\n\r])*')|(?<name>[\p{XID_Start}_]\p{XID_Continue}*)|(?<number>0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?<open>[([{])|(?<close>[)\]}])|(?<operator>\*\*|\/\/|==|!=|<=|>=|[-+*/%<>=.,:|])|(?<wrong>[\s\S])/uy;

/** The tokens of an expression without its braces, in order. */
export function expressionTokens(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(source); match?.groups !== undefined; match = TOKEN.exec(source)) {
    const [kind] = Object.entries(match.groups).find(([, found]) => found !== undefined) ?? ["wrong"];
    if (kind === "blank") continue;
    const text = match[0];
    const from = match.index;
    tokens.push({ kind: kind === "name" ? "name" : (kind as TokenKind), from, to: from + text.length, text });
  }
  tokens.forEach((token, index) => {
    if (token.kind === "name") token.kind = kindOfName(tokens, index);
  });
  markLocals(tokens);
  return tokens;
}

function kindOfName(tokens: readonly Token[], index: number): TokenKind {
  const { text, from } = tokens[index] as Token;
  const before = tokens[index - 1];
  const after = tokens[index + 1];
  // In `[line. for line in lines]` somebody is about to type the field.
  if (before?.text === "." && (before.to === from || !WORDS.has(text))) return "field";
  if (WORDS.has(text)) return "word";
  if (CONSTANTS.has(text)) return "constant";
  if (after?.text === "(") return "function";
  if (after?.text === "=" && (before?.text === "(" || before?.text === ",")) return "argument";
  return "name";
}

/** The name that a token means: Python reads `ﬁeld` as `field`. */
export function nameOf(token: Token): string {
  return token.text.normalize("NFKC");
}

/** The names that a comprehension makes for itself: from its opening bracket to its closing one. */
function markLocals(tokens: Token[]): void {
  const opened: number[] = [];
  const loops = new Map<number, number[]>();
  tokens.forEach((token, index) => {
    if (token.kind === "open") opened.push(index);
    else if (token.kind === "close") opened.pop();
    else if (token.kind === "word" && token.text === "for") {
      const from = opened.at(-1) ?? 0;
      loops.set(from, [...(loops.get(from) ?? []), index]);
    }
  });
  for (const [from, starts] of loops) {
    const names = new Set(starts.flatMap((start) => targetsOf(tokens, start)));
    // What the first loop goes through is read outside of the comprehension.
    const [first = from] = starts;
    const begins = endOf(tokens, first + 1, ["in"]);
    const ends = endOf(tokens, begins + 1, ["for", "if"]);
    for (let index = from; index < endOf(tokens, from + 1, []); index++) {
      const token = tokens[index] as Token;
      const isOutside = index > begins && index < ends;
      if (token.kind === "name" && !isOutside && names.has(nameOf(token))) token.kind = "local";
    }
  }
}

/** The names between `for` and `in`. */
function targetsOf(tokens: readonly Token[], start: number): string[] {
  return tokens
    .slice(start, endOf(tokens, start + 1, ["in"]))
    .flatMap((token) => (token.kind === "name" ? [nameOf(token)] : []));
}

/** Where, outside of further brackets, one of these words stands, or the bracket closes around what begins at `from`. */
function endOf(tokens: readonly Token[], from: number, words: readonly string[]): number {
  let depth = 0;
  for (let index = from; index < tokens.length; index++) {
    const { kind, text } = tokens[index] as Token;
    if (kind === "open") depth++;
    else if (kind === "close" && depth-- === 0) return index;
    else if (kind === "word" && depth === 0 && words.includes(text)) return index;
  }
  return tokens.length;
}

/** Something that cannot be right whatever the names mean, with where it is. */
export interface TextProblem {
  message: string;
  from: number;
  to: number;
}

const CLOSES: Record<string, string> = { "(": ")", "[": "]", "{": "}" };

/** What can be said of brackets and quotes at once, before the Hub is asked. */
export function bracketProblem(source: string): TextProblem | null {
  const opened: Token[] = [];
  for (const token of expressionTokens(source)) {
    const { from, to, text } = token;
    if (token.kind === "open") opened.push(token);
    else if (token.kind === "close") {
      const last = opened.pop();
      if (last === undefined) return { message: `This '${text}' closes nothing.`, from, to };
      if (CLOSES[last.text] !== text) return { message: `'${last.text}' is closed by '${text}'.`, from, to };
    } else if (token.kind === "wrong" && (text === '"' || text === "'")) {
      return { message: `The text that begins with ${text} is not closed.`, from, to: source.length };
    } else if (token.kind === "wrong") {
      return { message: `'${text}' has no meaning here.`, from, to };
    }
  }
  const last = opened.at(-1);
  return last === undefined ? null : { message: `This '${last.text}' is not closed.`, from: last.from, to: last.to };
}
