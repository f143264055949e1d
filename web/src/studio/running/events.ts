/** What an execution's stream tells: the events of `exekra/flow/events.py`, and the Hub's own `state`. */
import type { Schemas } from "@/shared/api/client";
import type { Json, JsonObject } from "@/shared/flow/document";

export type ExecutionState = Schemas["State"];

/** An error as data. */
export interface Failure {
  readonly type: string;
  readonly message: string;
  readonly node?: string | null;
  readonly workflow?: string | null;
}

/** One workflow or body in which a paused token stands. */
export interface StackFrame {
  readonly node: string;
  readonly workflow?: string | null;
  /** The loop's turn, from 1. */
  readonly turn?: number | null;
}

export type PauseReason = "start" | "breakpoint" | "step" | "pause" | "failure";

export interface NodeEntered {
  readonly event: "node.entered";
  readonly node: string;
  readonly count?: number;
}

export interface NodeLeft {
  readonly event: "node.left";
  readonly node: string;
  readonly port: string;
  readonly seconds: number;
  readonly count?: number;
  readonly preview?: Json;
  readonly failure?: Failure;
}

export interface NodeTotals {
  readonly event: "node.totals";
  /** Node, visits, seconds, failures, warnings and the last of them; the last ones may be missing. */
  readonly totals: readonly (readonly [string, number, number, number?, number?, (string | null)?])[];
}

export interface LogEvent {
  readonly event: "log";
  readonly at: number;
  readonly message: string;
  readonly level?: "debug" | "info" | "warning" | "error";
  readonly node?: string | null;
}

export interface DebugPaused {
  readonly event: "debug.paused";
  readonly node: string;
  readonly reason: PauseReason;
  readonly scope: JsonObject;
  readonly stack?: readonly StackFrame[];
  readonly count?: number;
  readonly failure?: Failure | null;
}

export interface ExecutionFinished {
  readonly event: "execution.finished";
  readonly state: ExecutionState;
  readonly outputs?: JsonObject;
  readonly failure?: Failure | null;
  readonly seconds?: number;
  readonly nodes?: number;
}

export interface StateTold {
  readonly event: "state";
  readonly state: ExecutionState;
  readonly failure: Failure | null;
  /** The name of the person who stopped it. */
  readonly stopped_by?: string | null;
}

export type RunEvent =
  | { readonly event: "execution.started"; readonly at: number }
  | NodeEntered
  | NodeLeft
  | NodeTotals
  | LogEvent
  | DebugPaused
  | { readonly event: "debug.resumed" }
  | { readonly event: "debug.evaluated"; readonly id: string; readonly value?: Json; readonly error?: string }
  | { readonly event: "debug.refused"; readonly command: string; readonly message: string }
  | { readonly event: "variable.changed"; readonly name: string; readonly preview?: Json }
  | ExecutionFinished
  | StateTold;

/** The events that Studio listens for. */
export const EVENT_NAMES: readonly RunEvent["event"][] = [
  "execution.started",
  "node.entered",
  "node.left",
  "node.totals",
  "log",
  "debug.paused",
  "debug.resumed",
  "debug.evaluated",
  "debug.refused",
  "variable.changed",
  "execution.finished",
  "state",
];

const FINAL: ReadonlySet<ExecutionState> = new Set(["COMPLETED", "FAILED", "STOPPED"]);

/** Whether an execution in that state has ended. */
export function isFinal(state: ExecutionState): boolean {
  return FINAL.has(state);
}
