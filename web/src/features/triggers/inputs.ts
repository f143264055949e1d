import type { Trigger } from "@/features/triggers/queries";
import type { Parameter } from "@/shared/flow/document";
import { type InputTexts, readAll } from "@/shared/inputs/values";

/** What a trigger gives to its workflow. A webhook leaves required inputs that are blank to its callers. */
export function readInputs(
  kind: Trigger["kind"],
  parameters: Readonly<Record<string, Parameter>>,
  texts: InputTexts,
): ReturnType<typeof readAll> {
  if (kind === "schedule") return readAll(parameters, texts);
  const given = Object.entries(parameters).filter(
    ([name, parameter]) => parameter.default !== undefined || (texts[name] ?? "").trim() !== "",
  );
  return readAll(Object.fromEntries(given), texts);
}
