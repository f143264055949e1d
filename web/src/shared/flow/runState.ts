import type { Warned } from "@/shared/flow/warnings";

/** What a run told of a node. */
export interface NodeRunState extends Warned {
  readonly state: "running" | "done" | "failed" | "stopped" | "skipped" | "paused";
  /** How often the node was left. */
  readonly count?: number;
  /** How long it took, all times together. */
  readonly seconds?: number;
  /** One line more, such as the error's message. */
  readonly note?: string;
}

/** How a part differs between two flows. */
export type Mark = "added" | "removed" | "changed";

/** The type of the failure of what was stopped: a wish, not an error. */
export const STOPPED_TYPE = "StoppedError";

/** The state of a node after a visit that ended with this failure, or without one. */
export function stateAfter(failure: { readonly type: string } | null | undefined): "done" | "failed" | "stopped" {
  if (failure === undefined || failure === null) return "done";
  return failure.type === STOPPED_TYPE ? "stopped" : "failed";
}
