import classes from "@/shared/code/code.module.css";
import { expressionTokens } from "@/shared/flow/expressionTokens";
import { templateParts } from "@/shared/flow/template";

/** How one stretch of a text looks. Marks come in order; those of tokens lie inside that of their expression. */
export interface Mark {
  from: number;
  to: number;
  className: string;
  /** The marks inside, for an expression. */
  inner?: readonly Mark[];
}

/** The looks of a template's expressions, escapes and credentials. Plain text has none. */
export function templateMarks(text: string): Mark[] {
  return templateParts(text).flatMap((part): Mark[] => {
    const { from, to } = part;
    if (part.kind === "text") return [];
    if (part.kind === "escape") return [{ from, to: from + 1, className: classes.quiet ?? "" }];
    if (part.kind === "credential") return [{ from, to, className: classes.credential ?? "" }];
    const inner = [...braceMarks(text, from, to), ...expressionMarks(part.source, text.indexOf(part.source, from + 1))];
    inner.sort((a, b) => a.from - b.from);
    return [{ from, to, className: classes.expression ?? "", inner }];
  });
}

/** The looks of an expression's tokens. `offset` is where it stands in the text that is shown. */
export function expressionMarks(source: string, offset = 0): Mark[] {
  return expressionTokens(source).map((token) => ({
    from: token.from + offset,
    to: token.to + offset,
    className: classes[token.kind] ?? "",
  }));
}

function braceMarks(text: string, from: number, to: number): Mark[] {
  const className = classes.quiet ?? "";
  const opening = { from, to: from + (text.startsWith("{{", from) ? 2 : 1), className };
  let first = to;
  while (first > opening.to && text[first - 1] === "}" && to - first < opening.to - from) first--;
  return first < to ? [opening, { from: first, to, className }] : [opening];
}
