/** What a debug session shows: where it is paused, the values there, and what became of commands. Pure. */
import type { Json, JsonObject } from "@/shared/flow/document";
import type { DebugPaused, Failure, PauseReason, RunEvent, StackFrame } from "@/studio/running/events";

/** Where and why an execution waits. */
export interface Pause {
  /** A number of its own, so that the same place can be told from an earlier pause. */
  readonly number: number;
  readonly node: string;
  readonly reason: PauseReason;
  readonly failure: Failure | null;
  readonly count: number;
  readonly scope: JsonObject;
  readonly stack: readonly StackFrame[];
}

/** What an expression gave. */
export type Answer = { readonly value: Json } | { readonly error: string };

export interface Session {
  readonly pause: Pause | null;
  /** Names whose value is another one than at the pause before. */
  readonly changed: ReadonlySet<string>;
  /** The values of the last pause; null before the first. */
  readonly lastScope: JsonObject | null;
  readonly answers: ReadonlyMap<string, Answer>;
  /** The latest refusals, the newest last. */
  readonly refusals: readonly { readonly number: number; readonly command: string; readonly message: string }[];
  readonly pauses: number;
}

export const NO_SESSION: Session = {
  pause: null,
  changed: new Set(),
  lastScope: null,
  answers: new Map(),
  refusals: [],
  pauses: 0,
};

const MOST_REFUSALS = 20;
const MOST_ANSWERS = 500;

/** The session after these events; the same one where they say nothing of it. */
export function follow(session: Session, events: readonly RunEvent[]): Session {
  return events.reduce(after, session);
}

function after(session: Session, event: RunEvent): Session {
  switch (event.event) {
    case "debug.paused":
      return paused(session, event);
    case "debug.resumed":
    case "execution.finished":
      return session.pause === null ? session : { ...session, pause: null };
    case "debug.evaluated": {
      const answer = event.error === undefined ? { value: event.value ?? null } : { error: event.error };
      const answers = [...session.answers].filter(([id]) => id !== event.id).slice(-MOST_ANSWERS);
      return { ...session, answers: new Map([...answers, [event.id, answer]]) };
    }
    case "debug.refused": {
      const number = (session.refusals.at(-1)?.number ?? 0) + 1;
      const refusal = { number, command: event.command, message: event.message };
      return { ...session, refusals: [...session.refusals, refusal].slice(-MOST_REFUSALS) };
    }
    case "variable.changed": {
      if (session.pause === null) return session;
      const scope = { ...session.pause.scope, [event.name]: event.preview ?? null };
      const changed = new Set([...session.changed, event.name]);
      return { ...session, pause: { ...session.pause, scope }, lastScope: scope, changed };
    }
    default:
      return session;
  }
}

function paused(session: Session, event: DebugPaused): Session {
  const { node, reason, scope } = event;
  const number = session.pauses + 1;
  const { stack = [], count = 1, failure = null } = event;
  return {
    ...session,
    pause: { number, node, reason, failure, count, scope, stack },
    changed: session.lastScope === null ? new Set() : changedNames(session.lastScope, scope),
    lastScope: scope,
    pauses: number,
  };
}

/** The names that are new or have another value. */
export function changedNames(before: JsonObject, now: JsonObject): ReadonlySet<string> {
  return new Set(
    Object.keys(now).filter(
      (name) => !Object.hasOwn(before, name) || JSON.stringify(before[name]) !== JSON.stringify(now[name]),
    ),
  );
}

/** Whether something of a shown value was left out, so that it is not the value itself. */
export function isShortened(value: Json): boolean {
  if (typeof value === "string") return value.endsWith("…") || /^<[^<>]+>$/.test(value);
  if (Array.isArray(value)) return value.some(isLeftOut) || value.some(isShortened);
  if (value === null || typeof value !== "object") return false;
  const object = value as JsonObject;
  if (Array.isArray(object.columns) && Array.isArray(object.rows) && typeof object.length === "number") {
    return object.length > object.rows.length || object.rows.some(isShortened);
  }
  return Object.hasOwn(object, "…") || Object.values(object).some(isShortened);
}

function isLeftOut(item: Json): boolean {
  return typeof item === "string" && /^… \d+ more$/.test(item);
}

const REASONS: Record<PauseReason, string> = {
  start: "Paused at the start",
  breakpoint: "Paused at a breakpoint",
  step: "Paused after a step",
  pause: "Paused",
  failure: "Paused on a failure",
};

/** Why it waits, in words. */
export function reasonOf(pause: Pause): string {
  return REASONS[pause.reason];
}
