import { expect, test } from "vitest";
import { withGaps } from "@/features/runners/one/withGaps";

const point = (seconds: number) => ({
  at: new Date(seconds * 1000).toISOString(),
  cpu_percent: 1,
  memory_percent: 2,
  disk_percent: 3,
});

test("a line ends where the Runner went away", () => {
  const shown = withGaps([point(0), point(30), point(600)], 30);
  expect(shown.map(({ cpu_percent }) => cpu_percent)).toEqual([1, 1, null, 1]);
  expect(Date.parse(shown[2]?.at ?? "")).toBe(315_000);
});

test("a late heartbeat is no gap", () => {
  expect(withGaps([point(0), point(80)], 30)).toHaveLength(2);
  expect(withGaps([], 30)).toEqual([]);
});
