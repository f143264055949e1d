import { expect, test } from "vitest";
import { sumOfWarnings, warnedBehind, warnedOf, warningsInWords } from "@/shared/flow/warnings";

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

test("a node that calls a workflow shows the warnings of the nodes in it, at any depth", () => {
  const known = {
    read: { warnings: 1, warning: "A." },
    call: {},
    "call/parse": { warnings: 2, warning: "B." },
    "call/again/parse": { warnings: 3, warning: "C." },
    "call/again": {},
    other: {},
  };
  expect(warnedBehind(known, [])).toEqual({
    read: { warnings: 1, warning: "A." },
    call: { warnings: 5, warning: "C." },
    other: {},
  });
  expect(warnedBehind(known, ["call"])).toEqual({
    parse: { warnings: 2, warning: "B." },
    again: { warnings: 3, warning: "C." },
  });
});
