import { expect, test } from "vitest";
import { percentOf, rateTrendOf, trendOf } from "@/features/dashboard/trend";

test("counts are compared in percent", () => {
  expect(trendOf(112, 100)).toEqual({ text: "+12 %", direction: "up" });
  expect(trendOf(50, 100)).toEqual({ text: "−50 %", direction: "down" });
  expect(trendOf(100, 100)).toEqual({ text: "unchanged", direction: "same" });
  expect(trendOf(5, 0)).toEqual({ text: null, direction: "up" });
  expect(trendOf(100_000, 1).text).toBe("> 999 %");
});

test("rates are compared in points", () => {
  expect(rateTrendOf(0.995, 0.97)).toEqual({ text: "+2.5 points", direction: "up" });
  expect(rateTrendOf(0.5, null).text).toBeNull();
});

test("all but one of a million is not all", () => {
  expect(percentOf(0.999999)).toBe("99.9 %");
  expect(percentOf(0.000001)).toBe("0.1 %");
  expect(percentOf(1)).toBe("100 %");
  expect(percentOf(0)).toBe("0 %");
  expect(percentOf(0.975)).toBe("97.5 %");
  expect(percentOf(null)).toBe("–");
});
