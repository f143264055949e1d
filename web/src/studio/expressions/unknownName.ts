import { expressionTokens, type TextProblem } from "@/shared/flow/expressionTokens";
import { templateParts } from "@/shared/flow/template";
import type { JsonObject } from "@/shared/flow/document";
import type { NameInReach } from "@/studio/expressions/names";

/** The first name in an expression that is none of those in reach. */
export function unknownName(source: string, names: readonly NameInReach[]): TextProblem | null {
  const known = new Set(names.map(({ name }) => name));
  const token = expressionTokens(source).find(({ kind, text }) => kind === "name" && !known.has(text));
  if (token === undefined) return null;
  return { message: `There is no \`${token.text}\` available here.`, from: token.from, to: token.to };
}

/** The first step that a template reads and that has no result in the values of the last run. */
export function withoutValue(text: string, names: readonly NameInReach[], values: JsonObject): string | null {
  const missing = new Set(
    names.filter(({ kind, name }) => kind === "result" && !(name in values)).map(({ name }) => name),
  );
  for (const part of templateParts(text)) {
    if (part.kind !== "expression") continue;
    const source = text.slice(part.from + 1, part.closed ? part.to - 1 : part.to);
    const token = expressionTokens(source).find(({ kind, text: word }) => kind === "name" && missing.has(word));
    if (token !== undefined) return token.text;
  }
  return null;
}
