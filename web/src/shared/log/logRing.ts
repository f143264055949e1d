export type LogLevel = "debug" | "info" | "warning" | "error";

/** A line of an execution's log; `at` is in milliseconds since 1970. */
export interface LogLine {
  readonly sequence: number;
  readonly at: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly node: string | null;
}

/** Which lines are wanted; what is empty leaves none out. */
export interface LogFilter {
  readonly levels: readonly LogLevel[];
  /** Part of the line, whatever its case. */
  readonly text: string;
  readonly node: string | null;
}

export const ALL_LINES: LogFilter = { levels: [], text: "", node: null };

/** How many lines are kept. */
export const MOST_LINES = 50_000;

/** The newest lines of a log: adding one costs the same however many there are. */
export class LogRing {
  private lines: LogLine[] = [];
  private begin = 0;
  private total = 0;

  constructor(readonly capacity: number = MOST_LINES) {}

  /** How many lines are kept now. */
  get length(): number {
    return this.lines.length;
  }

  /** How many older lines were given up. */
  get dropped(): number {
    return this.total - this.lines.length;
  }

  /** The line at that place; 0 is the oldest one. */
  at(index: number): LogLine | undefined {
    return index < 0 || index >= this.length ? undefined : this.lines[(this.begin + index) % this.capacity];
  }

  push(line: LogLine): void {
    this.total += 1;
    if (this.lines.length < this.capacity) {
      this.lines.push(line);
    } else {
      this.lines[this.begin] = line;
      this.begin = (this.begin + 1) % this.capacity;
    }
  }

  clear(): void {
    this.lines = [];
    this.begin = 0;
    this.total = 0;
  }
}

/** The lines of a ring that pass a filter. What is new is looked at once, and only when somebody asks. */
export class FilteredLog {
  /** The places of the lines since the log began, in order. */
  private found: number[] = [];
  private gone = 0;
  private seen = 0;
  private readonly passes: (line: LogLine) => boolean;
  private readonly all: boolean;

  constructor(
    private readonly ring: LogRing,
    filter: LogFilter,
  ) {
    this.all = filter.levels.length === 0 && filter.text === "" && filter.node === null;
    const text = filter.text.toLowerCase();
    this.passes = (line) =>
      (filter.levels.length === 0 || filter.levels.includes(line.level)) &&
      (filter.node === null || line.node === filter.node) &&
      (text === "" || line.message.toLowerCase().includes(text));
  }

  /** Looks at the lines that came since the last time. */
  catchUp(): void {
    if (this.all) return;
    const { ring } = this;
    const total = ring.dropped + ring.length;
    if (total < this.seen) {
      this.found = [];
      this.gone = 0;
      this.seen = 0;
    }
    for (let place = Math.max(this.seen, ring.dropped); place < total; place += 1) {
      const line = ring.at(place - ring.dropped);
      if (line !== undefined && this.passes(line)) this.found.push(place);
    }
    this.seen = total;
    while (this.gone < this.found.length && (this.found[this.gone] ?? 0) < ring.dropped) this.gone += 1;
    if (this.gone > ring.capacity) {
      this.found = this.found.slice(this.gone);
      this.gone = 0;
    }
  }

  /** How many lines pass, as of the last `catchUp`. */
  get length(): number {
    return this.all ? this.ring.length : this.found.length - this.gone;
  }

  at(index: number): LogLine | undefined {
    if (this.all) return this.ring.at(index);
    const place = this.found[this.gone + index];
    return place === undefined ? undefined : this.ring.at(place - this.ring.dropped);
  }
}
