import { type ReactNode, useMemo } from "react";
import { expressionMarks, type Mark, templateMarks } from "@/shared/code/templateMarks";

/** Characters that get colours: each expression is an element, and a page with tens of thousands of them freezes. */
const COLOURED = 20_000;

/** A template as text with its expressions in colour; no editor stands behind it. */
export function StaticTemplate({ text }: { text: string }) {
  return useMemo(() => coloured(text, templateMarks), [text]);
}

/** An expression without braces as text in colour. */
export function StaticExpression({ text }: { text: string }) {
  return useMemo(() => coloured(text, expressionMarks), [text]);
}

function coloured(text: string, marksOf: (text: string) => readonly Mark[]): ReactNode[] {
  const begin = text.slice(0, COLOURED);
  return [...marked(begin, 0, begin.length, marksOf(begin)), text.slice(COLOURED)];
}

function marked(text: string, from: number, to: number, marks: readonly Mark[]): ReactNode[] {
  const shown: ReactNode[] = [];
  let done = from;
  for (const mark of marks) {
    if (mark.from > done) shown.push(text.slice(done, mark.from));
    shown.push(
      <span key={mark.from} className={mark.className}>
        {mark.inner ? marked(text, mark.from, mark.to, mark.inner) : text.slice(mark.from, mark.to)}
      </span>,
    );
    done = mark.to;
  }
  if (done < to) shown.push(text.slice(done, to));
  return shown;
}
