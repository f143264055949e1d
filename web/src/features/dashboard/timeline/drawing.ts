import type { Schemas } from "@/shared/api/client";

export type RunnerLine = Schemas["RunnerLine"];
export type Segment = Schemas["Segment"];

/** The period that the lanes show, in milliseconds. */
export interface Stretch {
  since: number;
  until: number;
}

const THINNEST = 1.5;
const NEAR_PIXELS = 4;

/** Where a stretch of time lies in a lane, in pixels; never too thin to be seen. */
export function placeOf(begins: string, ends: string | null, { since, until }: Stretch, width: number) {
  const scale = width / (until - since);
  const left = Math.max(0, (Date.parse(begins) - since) * scale);
  const right = Math.min(width, ends === null ? width : (Date.parse(ends) - since) * scale);
  return { left, width: Math.max(THINNEST, right - left) };
}

/** The segment at a place of a lane, or the nearest within a few pixels. */
export function segmentAt(segments: readonly Segment[], x: number, stretch: Stretch, width: number): Segment | null {
  let nearest: Segment | null = null;
  let distance = NEAR_PIXELS;
  for (const segment of segments) {
    const place = placeOf(segment.begins, segment.ends, stretch, width);
    const away = x < place.left ? place.left - x : Math.max(0, x - place.left - place.width);
    if (away < distance || (away === 0 && nearest === null)) {
      nearest = segment;
      distance = away;
    }
    if (away === 0) break;
  }
  return nearest;
}

const COLORS: Record<string, string> = {
  COMPLETED: "teal",
  FAILED: "red",
  STOPPED: "gray",
  RUNNING: "blue",
  ASSIGNED: "violet",
  MIXED: "cobalt",
};

/** The theme's colour of a segment. */
export function colorOfSegment(state: string): string {
  return COLORS[state] ?? "gray";
}
