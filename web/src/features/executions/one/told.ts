/** What an execution tells while it runs; times are seconds since 1970. */
interface Told {
  at: number;
}

/** Exact figures of one node; the last ones may be missing. */
export type NodeTotal = [
  node: string,
  count: number,
  seconds: number,
  failures?: number,
  warnings?: number,
  warning?: string | null,
];

/** A message of the stream that the nodes' states are made of. */
export type NodeEvent = Told &
  (
    | { event: "node.entered"; node: string; count?: number }
    | { event: "node.left"; node: string; count?: number; seconds: number; failure?: { type: string; message: string } }
    | { event: "node.totals"; totals: NodeTotal[] }
  );

export interface LogEvent extends Told {
  event: "log";
  message: string;
  level?: "debug" | "info" | "warning" | "error";
  node?: string;
}

export interface OtherEvent extends Told {
  event: "metric" | "execution.started" | "execution.finished";
}

export type ToldEvent = NodeEvent | LogEvent | OtherEvent;

/** The names under which the stream sends them. */
export const TOLD_NAMES = [
  "node.entered",
  "node.left",
  "node.totals",
  "log",
  "metric",
  "execution.started",
  "execution.finished",
] as const;
