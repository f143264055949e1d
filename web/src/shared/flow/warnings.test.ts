import { expect, test } from "vitest";
import { sumOfWarnings, warnedOf, warningsInWords } from "@/shared/flow/warnings";

test("a node's warnings are said in words, with the last one", () => {
  expect(warningsInWords({})).toBe("");
  expect(warningsInWords(warnedOf(0, null))).toBe("");
  expect(warningsInWords(warnedOf(1, "An odd date."))).toBe("Warning: An odd date.");
  expect(warningsInWords(warnedOf(1200, "An odd date."))).toBe("1,200 warnings. The last one: An odd date.");
  expect(warningsInWords(warnedOf(2, null))).toBe("2 warnings");
});

test("figures of an older Runner have no warnings", () => {
  expect(warnedOf(undefined, undefined)).toEqual({});
  expect(sumOfWarnings([{}, { warnings: 2 }, { warnings: 1 }])).toBe(3);
});
