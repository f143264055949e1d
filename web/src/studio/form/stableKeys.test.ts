import { expect, test } from "vitest";
import { keysAfter } from "@/studio/form/stableKeys";

const begun = keysAfter(new Map(), ["a", "b", "c"]);
const keys = (names: string[]) => [...keysAfter(begun, names)];

test("one that is renamed in its place keeps its key", () => {
  expect(keys(["a", "x", "c"])).toEqual([
    ["a", 0],
    ["x", 1],
    ["c", 2],
  ]);
});

test("what is new gets a key that nothing had", () => {
  expect(keys(["a", "b", "c", "d"]).at(-1)).toEqual(["d", 3]);
  expect(keys(["b", "c", "d"])).toEqual([
    ["b", 1],
    ["c", 2],
    ["d", 3],
  ]);
});

test("without a change they are the same object", () => expect(keysAfter(begun, ["a", "b", "c"])).toBe(begun));
