import { LogBook } from "@/features/executions/one/logBook";
import type { LogEvent } from "@/features/executions/one/told";
import type { Schemas } from "@/shared/api/client";
import { ALL_LINES, type LogFilter, type LogLevel, type LogLine } from "@/shared/log/logRing";

type Page = { items: Schemas["LogLine"][]; next_cursor?: string | null };

/** Reads a page of the log, the newest lines first. */
export type ReadPage = (cursor: string | undefined, signal: AbortSignal) => Promise<Page>;

/** So many lines at the beginning, even where the Hub finds few of them at a time. */
const FIRST_LINES = 200;

/** Holds what fits a filter: first the newest lines, then older ones when they are asked for, and live ones. */
export class LogReader {
  readonly book = new LogBook();
  state: "reading" | "more" | "all" = "reading";
  error: unknown = null;
  private cursor: string | undefined;
  private begun = false;
  private early: LogLine[] = [];
  private readonly abort = new AbortController();

  constructor(
    private readonly readPage: ReadPage,
    private readonly filter: LogFilter = ALL_LINES,
    private readonly onChange: () => void = () => undefined,
  ) {}

  /** Reads the newest lines. */
  async begin(): Promise<void> {
    await this.read(FIRST_LINES);
    this.begun = true;
    this.book.addNewer(this.early);
    this.early = [];
    this.onChange();
  }

  /** Reads lines before the oldest one, if there are any and none are being read. */
  async readOlder(): Promise<void> {
    if (this.state === "more" && !this.book.hasGivenUp) await this.read(1);
  }

  /** Takes live lines, in their order. */
  hear(lines: readonly LogLine[]): void {
    const wanted = lines.filter((line) => passes(line, this.filter));
    if (wanted.length === 0) return;
    if (this.begun) this.book.addNewer(wanted);
    else this.early.push(...wanted);
    this.onChange();
  }

  /** Ends all reading. */
  close(): void {
    this.abort.abort();
  }

  private async read(least: number): Promise<void> {
    this.state = "reading";
    this.error = null;
    this.onChange();
    const enough = this.book.length + least;
    try {
      do {
        const page = await this.readPage(this.cursor, this.abort.signal);
        this.book.addOlder(page.items.map(lineOf));
        this.cursor = page.next_cursor ?? undefined;
        this.onChange();
      } while (this.book.length < enough && this.cursor !== undefined && !this.abort.signal.aborted);
      this.state = this.cursor === undefined ? "all" : "more";
    } catch (error) {
      this.state = "more";
      if (!this.abort.signal.aborted) this.error = error;
    }
    this.onChange();
  }
}

/** A line as the stream tells it. */
export function lineOfEvent({ at, level = "info", message, node = undefined }: LogEvent, sequence: number): LogLine {
  return { sequence, at: at * 1000, level, message, node: node ?? null };
}

function lineOf({ sequence, at, level, message, node }: Schemas["LogLine"]): LogLine {
  return { sequence, at: Date.parse(at), level: level as LogLevel, message, node };
}

/** Whether the Hub would find the line with this filter. */
export function passes(line: LogLine, { levels, text, node }: LogFilter): boolean {
  return (
    (levels.length === 0 || levels.includes(line.level)) &&
    (node === null || line.node === node) &&
    (text === "" || line.message.toLowerCase().includes(text.toLowerCase()))
  );
}
