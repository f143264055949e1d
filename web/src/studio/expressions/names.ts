/** What an expression may read and call at one place of a flow. The shapes are those of the Hub's answers. */
import { createContext, useContext } from "react";
import type { Schemas } from "@/shared/api/client";
import type { Json, JsonObject } from "@/shared/flow/document";

export type NameInReach = Schemas["NameAnswer"];
export type LanguageFunction = Schemas["FunctionAnswer"];

/** The values of an earlier run with which a place can be tried. */
export interface TrialScope {
  values: JsonObject;
  /** Whether they are whole; otherwise some are shortened or missing. */
  exact: boolean;
  missing: readonly string[];
}

/** What the editors of one form know. `want` asks for it; it is fetched when somebody begins to type. */
export interface ExpressionPlace {
  names: readonly NameInReach[];
  functions: readonly LanguageFunction[];
  scope: TrialScope | null;
  /** Whether `names` are known. */
  known: boolean;
  want: (field: string | null) => void;
}

const NOWHERE: ExpressionPlace = { names: [], functions: [], scope: null, known: false, want: () => undefined };

export const ExpressionPlaceContext = createContext<ExpressionPlace>(NOWHERE);

/** What can be read at the place that the form around is about. */
export function useExpressionPlace(): ExpressionPlace {
  return useContext(ExpressionPlaceContext);
}

/** Whether a value is a table as previews show it. */
export function isTablePreview(
  value: Json | undefined,
): value is { columns: readonly string[]; rows: readonly (readonly Json[])[]; length: number } {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    "columns" in value &&
    "rows" in value &&
    "length" in value
  );
}
