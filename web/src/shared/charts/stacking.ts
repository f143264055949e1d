import type { Series } from "@/shared/charts/Legend";

/** Heights to draw behind one another: each series with all below it; the first given lies at the bottom. */
export function stacked(series: readonly Series[], count: number): number[][] {
  const sums = new Array<number>(count).fill(0);
  return series.map(({ values }) => {
    for (let index = 0; index < count; index++) sums[index] = (sums[index] ?? 0) + (values[index] ?? 0);
    return [...sums];
  });
}

/** Which series of a stack holds a height; null above all of them. */
export function seriesAt(series: readonly Series[], index: number, height: number): number | null {
  let sum = 0;
  for (const [position, { values }] of series.entries()) {
    sum += values[index] ?? 0;
    if (height <= sum && (values[index] ?? 0) > 0) return position;
  }
  return null;
}
