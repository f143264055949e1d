import type { Warned } from "@/shared/flow/warnings";

/** What a run told of a node. */
export interface NodeRunState extends Warned {
  readonly state: "running" | "done" | "failed" | "skipped" | "paused";
  /** How often the node was left. */
  readonly count?: number;
  /** How long it took, all times together. */
  readonly seconds?: number;
  /** One line more, such as the error's message. */
  readonly note?: string;
}

/** How a part differs between two flows. */
export type Mark = "added" | "removed" | "changed";
