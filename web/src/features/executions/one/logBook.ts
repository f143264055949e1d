import type { LogLine } from "@/shared/log/logRing";

/** How many lines are kept at most, and how many are given up at once when there are more. */
export const MOST_LINES = 100_000;
const GIVEN_UP_AT_ONCE = 10_000;

/** The part of a log that the page holds: it grows at both ends, and gives its oldest lines up when it is too long. */
export class LogBook {
  /** The newest of them first. */
  private readonly older: LogLine[] = [];
  private newer: LogLine[] = [];
  private shifted = 0;

  constructor(private readonly capacity: number = MOST_LINES) {}

  get length(): number {
    return this.older.length + this.newer.length;
  }

  /** How many lines more than at first stand in front of the first ones; it shrinks when old ones are given up. */
  get inFront(): number {
    return this.shifted;
  }

  /** Whether lines were given up. */
  hasGivenUp = false;

  /** The line at that place; 0 is the oldest one. */
  at(index: number): LogLine | undefined {
    const { older } = this;
    return index < older.length ? older[older.length - 1 - index] : this.newer[index - older.length];
  }

  /** Adds lines before all others, the newest of them first. */
  addOlder(lines: readonly LogLine[]): void {
    for (const line of lines) this.older.push(line);
    this.shifted += lines.length;
  }

  /** Adds lines after all others, in their order. Those that are there already are left out. */
  addNewer(lines: readonly LogLine[]): void {
    let last = this.at(this.length - 1)?.sequence ?? -1;
    for (const line of lines) {
      if (line.sequence <= last) continue;
      last = line.sequence;
      this.newer.push(line);
    }
    if (this.length > this.capacity)
      this.giveUp(Math.max(this.length - this.capacity, Math.min(GIVEN_UP_AT_ONCE, this.capacity / 10)));
  }

  private giveUp(count: number): void {
    const fromOlder = Math.min(count, this.older.length);
    this.older.length -= fromOlder;
    if (count > fromOlder) this.newer = this.newer.slice(count - fromOlder);
    this.shifted -= count;
    this.hasGivenUp = true;
  }
}
