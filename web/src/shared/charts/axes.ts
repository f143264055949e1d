import type UPlot from "uplot";
import { variable } from "@/shared/charts/colors";

const FONT = '11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const GUTTER = 44;
const LETTER = 6.2;

/** Distances between ticks that are round as durations, in seconds. */
export const DURATION_STEPS = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
  ...[1, 2, 5, 10, 15, 30],
  ...[60, 120, 300, 600, 900, 1_800],
  ...[3_600, 7_200, 14_400, 28_800, 86_400, 172_800, 604_800],
];

/**
 * The two axes of every chart: quiet, with room for few words. `words` are the ticks of the lower one; the other's
 * stand one of `steps` apart, where there are such.
 */
export function axes(
  words: UPlot.Axis.Values,
  format: (value: number) => string,
  space = 70,
  steps?: readonly number[],
): UPlot.Axis[] {
  const stroke = variable("--exekra-quiet");
  const line = variable("--exekra-line");
  return [
    { font: FONT, stroke, size: 28, gap: 8, space, grid: { show: false }, ticks: { show: false }, values: words },
    {
      font: FONT,
      stroke,
      size: (_chart, values) => Math.max(GUTTER, LETTER * Math.max(...(values ?? []).map((word) => word.length)) + 8),
      gap: 4,
      space: 32,
      ...(steps && { incrs: [...steps] }),
      ticks: { show: false },
      grid: { stroke: line, width: 1 },
      values: (_chart, splits) => splits.map((value) => (value === null ? "" : format(value))),
    },
  ];
}

/** The upper end of an axis that begins at 0: a little above the greatest value, never below `least`. */
export function fromZero(least: number): UPlot.Range.Function {
  return (_chart, _min, max) => [0, Math.max(least, (max ?? 0) * 1.08)];
}
