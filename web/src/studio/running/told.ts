/** What a run told of its nodes, gathered from its events. Pure. */
import type { Schemas } from "@/shared/api/client";
import { failedName, nameOf, seenFrom } from "@/shared/flow/calls";
import type { Json } from "@/shared/flow/document";
import { itemOf } from "@/shared/flow/records";
import { type NodeRunState, stateAfter } from "@/shared/flow/runState";
import { type Warned, warnedBehind, warnedOf } from "@/shared/flow/warnings";
import { type Failure, type NodeLeft, type RunEvent } from "@/studio/running/events";

/** What is known of one node. Times in seconds. */
export interface ToldNode extends Warned {
  /** For which time it was entered last, as far as that was told. */
  readonly entered: number;
  /** How often it was left. */
  readonly left: number;
  readonly seconds: number;
  readonly failures: number;
  /** What became of its last visit that was told. */
  readonly outcome: "done" | "failed" | "stopped";
  /** What its last visit gave, shortened; the message of its failure. */
  readonly note: string;
}

/** What is known of all nodes; another one each time anything changed. */
export interface Told {
  readonly nodes: ReadonlyMap<string, ToldNode>;
  readonly paused: { readonly node: string; readonly failure: string | null } | null;
  /** Whether the run has ended: what still ran then was stopped. */
  readonly ended: boolean;
}

export const NOTHING_TOLD: Told = { nodes: new Map(), paused: null, ended: false };

const NEVER: ToldNode = { entered: 0, left: 0, seconds: 0, failures: 0, outcome: "done", note: "" };
const LONGEST_NOTE = 200;

/** What is known after these events. Told itself where they say nothing of nodes. */
export function tell(told: Told, events: readonly RunEvent[]): Told {
  const nodes = new Map(told.nodes);
  const after = events.reduce((before, event) => one(before, nodes, event), told);
  return after === told ? told : { ...after, nodes };
}

/** What is known after one event; what it says of nodes is written into `nodes`. */
function one(told: Told, nodes: Map<string, ToldNode>, event: RunEvent): Told {
  const known = (node: string) => nodes.get(node) ?? NEVER;
  switch (event.event) {
    case "node.entered":
      nodes.set(event.node, entered(known(event.node), event.count ?? 1));
      return { ...told };
    case "node.left":
      nodes.set(event.node, left(known(event.node), event));
      return { ...told };
    case "node.totals":
      for (const [node, count, seconds, failures = 0, warnings, warning] of event.totals)
        nodes.set(node, { ...known(node), left: count, seconds, failures, ...warnedOf(warnings, warning) });
      return { ...told };
    case "debug.paused":
      return { ...told, paused: { node: event.node, failure: event.failure?.message ?? null } };
    case "debug.resumed":
      return { ...told, paused: null };
    case "execution.finished":
      if (event.failure) blame(nodes, event.failure);
      return { ...told, paused: null, ended: true };
    default:
      return told;
  }
}

/** Marks the node that made it fail, which may never have begun: its fields could not be read. */
function blame(nodes: Map<string, ToldNode>, { node, workflow, message }: Failure): void {
  if (!node || workflow) return;
  const known = nodes.get(node) ?? NEVER;
  if (known.entered <= known.left) nodes.set(node, { ...known, outcome: "failed", note: message });
}

function entered(node: ToldNode, count: number): ToldNode {
  return { ...node, entered: Math.max(node.entered, count) };
}

function left(node: ToldNode, event: NodeLeft): ToldNode {
  const count = event.count ?? 1;
  const failed = event.failure !== undefined;
  const late = count < node.left;
  return {
    entered: Math.max(node.entered, count),
    left: Math.max(node.left, count),
    // Of visits that are not told, the totals bring the time.
    seconds: node.left === count - 1 ? node.seconds + event.seconds : node.seconds,
    failures: node.left === count - 1 && failed ? node.failures + 1 : node.failures,
    outcome: late ? node.outcome : stateAfter(event.failure),
    ...warnedOf(node.warnings, node.warning),
    note: late ? node.note : (event.failure?.message ?? noteOf(event.preview)),
  };
}

function noteOf(preview: Json | undefined): string {
  if (preview === undefined || preview === null) return "";
  const text = JSON.stringify(preview);
  return text.length > LONGEST_NOTE ? `${text.slice(0, LONGEST_NOTE)}…` : text;
}

/** What the Hub keeps of an execution's nodes, as if its events had just been told. */
export function toldOf(visits: readonly Schemas["NodeVisit"][], ended: boolean): Told {
  const nodes = visits.map((visit): readonly [string, ToldNode] => [
    visit.node,
    {
      entered:
        visit.state === "running" || visit.state === "stopped" ? visit.count : Math.max(visit.count, visit.visits),
      left: Math.max(visit.visits, visit.left_at === null ? 0 : visit.count),
      seconds: visit.total_seconds || (visit.seconds ?? 0),
      failures: visit.failures,
      outcome: stateAfter(visit.failure),
      ...warnedOf(visit.warnings, visit.warning),
      note: visit.failure?.message ?? noteOf((visit.preview ?? null) as Json),
    },
  ]);
  return { nodes: new Map(nodes), paused: null, ended };
}

/** What is known once the run has ended: the Hub's account of its nodes, whatever of its stream was lost. */
export function settled(told: Told, visits: readonly Schemas["NodeVisit"][], failure: Failure | null): Told {
  const nodes = new Map([...told.nodes, ...toldOf(visits, true).nodes]);
  if (failure !== null) blame(nodes, failure);
  return { nodes, paused: null, ended: true };
}

/**
 * What the canvas shows of the workflow, or of a called one. A node's state stays the same object for as long as it says
 * the same.
 */
export function overlayOf(
  told: Told,
  before: Readonly<Record<string, NodeRunState>> | null,
  flowNodes: readonly string[] = [],
  calls: readonly string[] = [],
): Record<string, NodeRunState> {
  const overlay: Record<string, NodeRunState> = {};
  const nodes = warnedBehind(Object.fromEntries(told.nodes), calls);
  for (const [node, known] of Object.entries(nodes)) keep(overlay, before, node, stateOf(known, told.ended));
  const place = told.paused === null ? null : seenFrom(calls, told.paused.node);
  if (told.paused !== null && place !== null) {
    const { node, failure } = told.paused;
    const note = failure ?? (nameOf(calls, place) === node ? "Paused before this step." : `Paused in ${node}.`);
    const known = itemOf(nodes, place);
    keep(overlay, before, place, { ...(known && figuresOf(known)), state: "paused", note });
  }
  if (told.ended) {
    for (const node of flowNodes) if (!Object.hasOwn(overlay, node)) keep(overlay, before, node, SKIPPED);
  }
  return overlay;
}

const SKIPPED: NodeRunState = { state: "skipped" };

function stateOf(node: ToldNode, ended: boolean): NodeRunState {
  const running = node.entered > node.left;
  const note = running && ended ? "Stopped while it was running." : node.note;
  const state = running ? (ended ? "stopped" : "running") : node.outcome;
  return { state, ...figuresOf(node), ...(note !== "" && { note }) };
}

function figuresOf({ left: count, seconds, warnings, warning }: ToldNode): Omit<NodeRunState, "state" | "note"> {
  return { ...(count > 0 && { count, seconds }), ...warnedOf(warnings, warning) };
}

function keep(
  overlay: Record<string, NodeRunState>,
  before: Readonly<Record<string, NodeRunState>> | null,
  node: string,
  state: NodeRunState,
): void {
  const known = before !== null && Object.hasOwn(before, node) ? before[node] : undefined;
  const same =
    known !== undefined &&
    known.state === state.state &&
    known.count === state.count &&
    known.seconds === state.seconds &&
    known.warnings === state.warnings &&
    known.warning === state.warning &&
    known.note === state.note;
  overlay[node] = same ? known : state;
}

/** The name of the node that made an execution fail; null where it is not known. */
export function failedAt(told: Told, failure: Failure): string | null {
  return failedName(
    failure,
    [...told.nodes].filter(([, known]) => known.outcome === "failed").map(([name]) => name),
  );
}
