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
  /(?<blank>\s+)|(?<text>[rR]?"(?:\\.|[^"\\\n\r])*"|[rR]?'(?:\\.|[^'\\\n\r])*')|(?<name>[\p{ID_Start}_]\p{ID_Continue}*)|(?<number>(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?<open>[([{])|(?<close>[)\]}])|(?<operator>\*\*|\/\/|==|!=|<=|>=|[-+*/%<>=.,:|])|(?<wrong>[\s\S])/uy;

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

/** The names that a comprehension makes for itself: from its opening bracket to its closing one. */
function markLocals(tokens: Token[]): void {
  const opened: number[] = [];
  const loops: { from: number; names: string[] }[] = [];
  tokens.forEach((token, index) => {
    if (token.kind === "open") opened.push(index);
    else if (token.kind === "word" && token.text === "for") {
      const names: string[] = [];
      for (let next = index + 1; next < tokens.length && tokens[next]?.text !== "in"; next++) {
        if (tokens[next]?.kind === "name") names.push(tokens[next]?.text ?? "");
      }
      loops.push({ from: opened.at(-1) ?? 0, names });
    } else if (token.kind === "close") opened.pop();
  });
  for (const { from, names } of loops) {
    let depth = 0;
    for (let index = from; index < tokens.length; index++) {
      const token = tokens[index] as Token;
      if (token.kind === "open") depth++;
      if (token.kind === "close" && --depth === 0) break;
      if (token.kind === "name" && names.includes(token.text)) token.kind = "local";
    }
  }
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
    }
  }
  const last = opened.at(-1);
  return last === undefined ? null : { message: `This '${last.text}' is not closed.`, from: last.from, to: last.to };
}
