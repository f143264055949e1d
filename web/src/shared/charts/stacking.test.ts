import { expect, test } from "vitest";
import { seriesAt, stacked } from "@/shared/charts/stacking";

const series = [
  { label: "a", color: "teal", values: [1, 0, null] },
  { label: "b", color: "red", values: [2, 3, 4] },
];

test("each series stands on those below it", () => {
  expect(stacked(series, 3)).toEqual([
    [1, 0, 0],
    [3, 3, 4],
  ]);
});

test("a height belongs to the series that is drawn there", () => {
  expect(seriesAt(series, 0, 0.5)).toBe(0);
  expect(seriesAt(series, 0, 2.9)).toBe(1);
  expect(seriesAt(series, 1, 0)).toBe(1);
  expect(seriesAt(series, 0, 3.1)).toBeNull();
});
