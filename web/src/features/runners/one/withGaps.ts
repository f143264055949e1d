interface Point {
  at: string;
  cpu_percent: number;
  memory_percent: number;
  disk_percent: number;
}
type Shown = { [Name in keyof Point]: Name extends "at" ? string : number | null };

/** More than this many points without one: the Runner was away. */
const AWAY_POINTS = 3;

/** The points with an empty one wherever the Runner was away, so that no line is drawn through that time. */
export function withGaps(points: readonly Point[], pointSeconds: number): Shown[] {
  return points.flatMap((point, index): Shown[] => {
    const before = points[index - 1];
    if (before === undefined) return [point];
    const seconds = (Date.parse(point.at) - Date.parse(before.at)) / 1000;
    if (seconds <= AWAY_POINTS * pointSeconds) return [point];
    const middle = new Date((Date.parse(point.at) + Date.parse(before.at)) / 2).toISOString();
    return [{ at: middle, cpu_percent: null, memory_percent: null, disk_percent: null }, point];
  });
}
