import { expressionTokens, type TextProblem } from "@/shared/flow/expressionTokens";
import type { NameInReach } from "@/studio/expressions/names";

/** The first name in an expression that is none of those in reach. */
export function unknownName(source: string, names: readonly NameInReach[]): TextProblem | null {
  const known = new Set(names.map(({ name }) => name));
  const token = expressionTokens(source).find(({ kind, text }) => kind === "name" && !known.has(text));
  if (token === undefined) return null;
  return { message: `There is no \`${token.text}\` available here.`, from: token.from, to: token.to };
}
