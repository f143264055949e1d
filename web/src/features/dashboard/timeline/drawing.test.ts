import { expect, test } from "vitest";
import { placeOf, type Segment, segmentAt } from "@/features/dashboard/timeline/drawing";

const stretch = { since: Date.parse("2026-01-01T00:00:00Z"), until: Date.parse("2026-01-01T10:00:00Z") };
const segment = (id: string, begins: string, ends: string) =>
  ({ execution_id: id, begins: `2026-01-01T${begins}:00Z`, ends: `2026-01-01T${ends}:00Z` }) as Segment;

test("a stretch of time has its place, cut at both ends", () => {
  expect(placeOf("2026-01-01T01:00:00Z", "2026-01-01T03:00:00Z", stretch, 1000)).toEqual({ left: 100, width: 200 });
  expect(placeOf("2025-12-31T20:00:00Z", "2026-01-01T01:00:00Z", stretch, 1000)).toEqual({ left: 0, width: 100 });
  expect(placeOf("2026-01-01T09:00:00Z", null, stretch, 1000)).toEqual({ left: 900, width: 100 });
});

test("what is too short to be seen is drawn all the same", () => {
  expect(placeOf("2026-01-01T01:00:00Z", "2026-01-01T01:00:00Z", stretch, 1000).width).toBeGreaterThan(1);
});

test("the pointer finds the segment below it, or one beside it", () => {
  const segments = [segment("a", "01:00", "02:00"), segment("b", "02:01", "03:00"), segment("c", "08:00", "08:00")];
  expect(segmentAt(segments, 150, stretch, 1000)?.execution_id).toBe("a");
  expect(segmentAt(segments, 250, stretch, 1000)?.execution_id).toBe("b");
  expect(segmentAt(segments, 803, stretch, 1000)?.execution_id).toBe("c");
  expect(segmentAt(segments, 500, stretch, 1000)).toBeNull();
});
