import { expect, it } from "vitest";
import { readInputs } from "@/features/triggers/inputs";
import type { Parameter } from "@/shared/flow/document";

const PARAMETERS: Record<string, Parameter> = {
  who: { type: "text" },
  urgent: { type: "boolean" },
  number: { type: "number" },
  note: { type: "text", default: "none" },
};

it("leaves what is blank to the callers of a webhook", () => {
  const texts = { who: "", urgent: "", number: " ", note: "" };
  expect(readInputs("webhook", PARAMETERS, texts)).toEqual({ inputs: { note: "" }, problems: {} });
  expect(Object.keys(readInputs("schedule", PARAMETERS, texts).problems)).toEqual(["number"]);
});

it("refuses what a webhook could not use", () => {
  const { problems } = readInputs("webhook", PARAMETERS, { number: "three" });
  expect(Object.keys(problems)).toEqual(["number"]);
});
