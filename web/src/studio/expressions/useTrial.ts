import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import type { TextProblem } from "@/shared/flow/expressionTokens";
import { templateParts } from "@/shared/flow/template";
import { type TrialScope, useExpressionPlace } from "@/studio/expressions/names";

const PAUSE_MILLISECONDS = 250;
/** Characters beyond which a text is neither tried nor looked through with each key; the check sees it all the same. */
export const LONGEST_TRIED = 50_000;

/** What became of a text with the last run's values. */
export interface Trial {
  /** The Hub's answer; null while there is none, and for a text without an expression. */
  answer: Schemas["TrialAnswer"] | null;
  /** Where the text itself is wrong, in JavaScript's positions. */
  problem: TextProblem | null;
  scope: TrialScope | null;
  /** Whether the answer belongs to an earlier text. */
  stale: boolean;
}

/** Tries a template, or an expression without braces, on the last run's values a moment after it changed. */
export function useTrial(text: string, mode: "template" | "expression" = "template"): Trial {
  const { scope, names } = useExpressionPlace();
  const [settled] = useDebouncedValue(text, PAUSE_MILLISECONDS);
  const dynamic = useMemo(
    () => settled.length <= LONGEST_TRIED && (mode === "expression" ? settled.trim() !== "" : hasExpression(settled)),
    [mode, settled],
  );
  const { data, isPlaceholderData } = useQuery({
    queryKey: ["language-trial", mode, settled, scope?.values ?? null],
    enabled: dynamic,
    retry: false,
    staleTime: Infinity,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const types = Object.fromEntries(
        names.filter(({ type }) => type !== "any").map(({ name, type }) => [name, type]),
      );
      const body = { texts: [{ text: settled, mode }], scope: { ...scope?.values }, types };
      return (await dataOf(api.POST("/api/language/evaluate", { body, signal })))[0] ?? null;
    },
  });
  const answer = dynamic ? (data ?? null) : null;
  const problem = useMemo(() => problemOf(answer, settled), [answer, settled]);
  return { answer, problem: settled === text ? problem : null, scope, stale: isPlaceholderData || settled !== text };
}

function hasExpression(text: string): boolean {
  return templateParts(text).some(({ kind }) => kind === "expression");
}

function problemOf(answer: Schemas["TrialAnswer"] | null, text: string): TextProblem | null {
  if (answer?.error?.kind !== "syntax") return null;
  const { message, position, length } = answer.error;
  const from = fromCodePoints(text, position);
  return { message, from, to: length > 0 ? fromCodePoints(text, position + length) : text.length };
}

/** A position in characters, as the Hub counts, as JavaScript counts: some characters are two units there. */
export function fromCodePoints(text: string, position: number): number {
  return Array.from(text).slice(0, position).join("").length;
}
