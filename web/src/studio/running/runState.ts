/** What Studio knows of the execution that it runs or shows. Pure. */
import type { Schemas } from "@/shared/api/client";
import type { JsonObject } from "@/shared/flow/document";
import { follow, NO_SESSION, type Session } from "@/studio/running/session";
import { isFinal, type ExecutionState, type Failure, type RunEvent } from "@/studio/running/events";
import { NOTHING_TOLD, tell, type Told } from "@/studio/running/told";

/** What is asked before something runs. */
export interface Question {
  readonly debug: boolean;
  /** Run the published version instead of what is edited. */
  readonly published: boolean;
  /** Begin at this node, or run it alone. */
  readonly startAt: { readonly node: string; readonly only: boolean } | null;
}

/** The execution that is shown. */
export interface Shown {
  readonly id: string;
  readonly version: number;
  readonly debug: boolean;
  readonly runner: string | null;
  /** When its Runner got it, with the versions of what it calls. */
  readonly assignedAt: string | null;
}

export interface RunState {
  /** `starting`: it is being saved or asked for. */
  readonly phase: "none" | "starting" | "live" | "ended";
  readonly shown: Shown | null;
  readonly state: ExecutionState | null;
  readonly stopping: boolean;
  /** Whether the Hub tells what happens; it comes back by itself. */
  readonly connected: boolean;
  /** In milliseconds since 1970, by this machine's clock. */
  readonly begunAt: number | null;
  readonly seconds: number | null;
  readonly outputs: JsonObject | null;
  readonly failure: Failure | null;
  /** The name of the person who stopped it, once it has ended. */
  readonly stoppedBy: string | null;
  readonly told: Told;
  readonly session: Session;
  /** Grows whenever the log does. */
  readonly lines: number;
  readonly asking: Question | null;
  /** Why the last attempt to start it failed. */
  readonly askedAfter: unknown;
  readonly watches: readonly string[];
}

export const NO_RUN: RunState = {
  phase: "none",
  shown: null,
  state: null,
  stopping: false,
  connected: true,
  begunAt: null,
  seconds: null,
  outputs: null,
  failure: null,
  stoppedBy: null,
  told: NOTHING_TOLD,
  session: NO_SESSION,
  lines: 0,
  asking: null,
  askedAfter: null,
  watches: [],
};

/** The state after these events. */
export function advance(run: RunState, events: readonly RunEvent[]): RunState {
  const logged = events.reduce((count, { event }) => (event === "log" ? count + 1 : count), 0);
  const after = events.reduce(onOutcome, run);
  return {
    ...after,
    told: tell(after.told, events),
    session: follow(after.session, events),
    lines: after.lines + logged,
  };
}

function onOutcome(run: RunState, event: RunEvent): RunState {
  if (event.event === "execution.finished") {
    const { outputs = null, failure = null, seconds = null } = event;
    return { ...run, outputs, failure, seconds };
  }
  if (event.event !== "state") return run;
  if (!isFinal(event.state)) return { ...run, state: event.state };
  return {
    ...ended(run),
    state: event.state,
    failure: run.failure ?? event.failure,
    stoppedBy: event.stopped_by ?? null,
  };
}

/** The run as one that is over, whether or not its engine could say so. */
function ended(run: RunState): RunState {
  return {
    ...run,
    phase: "ended",
    stopping: false,
    connected: true,
    told: { ...run.told, paused: null, ended: true },
    session: { ...run.session, pause: null },
  };
}

/** How many nodes ran, whole visits only. */
export function nodesRun(told: Told): number {
  let count = 0;
  for (const node of told.nodes.values()) count += node.left;
  return count;
}

/** An execution as the Hub describes it. */
export function shownOf(execution: Schemas["ExecutionSummary"]): Shown {
  return {
    id: execution.id,
    version: execution.version,
    debug: execution.debug,
    runner: execution.runner_name,
    assignedAt: execution.assigned_at,
  };
}
