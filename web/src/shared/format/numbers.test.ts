import { expect, test } from "vitest";
import { numberOf, readNumber, writeNumber } from "@/shared/format/numbers";

const TAGS = ["en", "de", "fr", "de-CH"];

test.each([
  ["1.234,5", 1234.5],
  ["1,234.5", 1234.5],
  ["1 234,5", 1234.5],
  ["1\u202f234,5", 1234.5],
  ["1'234.5", 1234.5],
  ["1’234’567", 1_234_567],
  ["1.234.567", 1_234_567],
  ["-1,234,567.25", -1_234_567.25],
  ["\u22121,5", -1.5],
  ["1e3", 1000],
  ["1,5E-3", 0.0015],
  ["1,5", 1.5],
  ["1.5", 1.5],
  ["0,500", 0.5],
  ["1234,567", 1234.567],
  [" 12 ", 12],
  ["+7", 7],
  [".5", 0.5],
  ["5.", 5],
  ["-0", -0],
  ["9007199254740991", 9_007_199_254_740_991],
  ["0.1234567890123456", 0.1234567890123456],
  ["120.0", 120],
])("%s is the same everywhere", (text, value) => {
  for (const tag of TAGS) expect(readNumber(text, tag)).toEqual({ value });
});

test.each([
  ["1,500", "en", { value: 1500, other: 1.5 }],
  ["1,500", "de", { value: 1.5, other: 1500 }],
  ["1,500", "fr", { value: 1.5, other: 1500 }],
  ["1,500", "de-CH", { either: [1.5, 1500] }],
  ["1.500", "en", { value: 1.5 }],
  ["1.500", "de", { value: 1500, other: 1.5 }],
  ["1.500", "fr", { either: [1.5, 1500] }],
  ["1.500", "de-CH", { value: 1.5 }],
])("%s is read as they write it in %s", (text, tag, reading) => expect(readNumber(text, tag)).toEqual(reading));

test.each([
  "one",
  "1.2.3",
  "1,23,45",
  "1 23",
  "12 34",
  "1,234,5",
  "--1",
  "1e",
  "e3",
  ".",
  "1_000",
  "0x10",
  "Infinity",
  "1.5.",
  "007 123",
])("%s is not a number", (text) =>
  expect(readNumber(text, "en")).toEqual({ problem: "Enter a number, such as 12.5." }),
);

test.each(["99999999999999999999", "9007199254740993", "0.12345678901234567890", "123456789012345678.5"])(
  "%s is refused, not changed",
  (text) => expect(readNumber(text, "en")).toHaveProperty("problem", expect.stringContaining("more digits")),
);

test("a number beyond all others is too large", () => {
  expect(readNumber("1e400", "en")).toEqual({ problem: "This number is too large." });
});

test("nothing is no number, and no problem", () => expect(readNumber("  ", "en")).toBeNull());

test.each([0, 1.5, -1234.567, 1.234, 1e21, 1.5e-9, 123456789.125])("%d is read as it is written", (value) => {
  for (const tag of TAGS) expect(numberOf(writeNumber(value, tag), tag)).toBe(value);
});
