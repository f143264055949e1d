import type { NodeEvent } from "@/features/executions/one/told";
import type { Schemas } from "@/shared/api/client";
import { type NodeRunState, stateAfter } from "@/shared/flow/runState";
import { type Warned, warnedOf } from "@/shared/flow/warnings";

type NodeVisit = Schemas["NodeVisit"];

/** What is known of one node's visits. */
export interface NodeFigures extends Warned {
  state: NodeRunState["state"];
  count: number;
  seconds: number;
  failures: number;
  note?: string;
}

/** The figures, and the sequence of the event that the state comes from. */
interface Entry {
  sequence: number;
  figures: NodeFigures;
}

/** The same, as it is reported. */
interface Report {
  sequence: number;
  figures: Omit<NodeFigures, "note"> & { note?: string | undefined };
}

/**
 * The nodes of one execution, kept current by what it tells.
 *
 * The Hub's answers and the events of the stream arrive in any order, late, twice or not at all: of two reports about a
 * node, the one with the higher sequence counts, and counts never go down. What the Hub knows of an execution that has
 * ended is final.
 */
export class NodeBook {
  private readonly nodes = new Map<string, Entry>();
  private final = false;

  /** Takes what the Hub knows; `final` if it was asked after the execution had ended: nothing changes any more. */
  fill(visits: readonly NodeVisit[], final = false): void {
    if (this.final) return;
    this.final = final;
    if (final) this.nodes.clear();
    for (const visit of visits) this.enter(visit.node, reportOf(visit));
  }

  /** Takes one event in. */
  take(event: NodeEvent, sequence: number): void {
    if (this.final) return;
    if (event.event === "node.totals") {
      for (const [node, count, seconds, failures = 0, warnings, warning] of event.totals) {
        const known = this.nodes.get(node) ?? UNTOLD;
        const figures = { ...known.figures, count, seconds, failures, ...warnedOf(warnings, warning) };
        this.enter(node, { sequence: known.sequence, figures });
      }
      return;
    }
    const known = (this.nodes.get(event.node) ?? UNTOLD).figures;
    if (event.event === "node.entered") {
      this.enter(event.node, { sequence, figures: { ...known, state: "running", note: undefined } });
      return;
    }
    const figures = {
      ...known,
      state: stateAfter(event.failure),
      count: event.count ?? 1,
      seconds: Math.max(known.seconds, event.seconds),
      note: event.failure?.message,
    };
    this.enter(event.node, { sequence, figures });
  }

  /** What is known now, as a new object. */
  snapshot(): Readonly<Record<string, NodeFigures>> {
    return Object.fromEntries([...this.nodes].map(([node, { figures }]) => [node, figures]));
  }

  private enter(node: string, told: Report): void {
    const known = this.nodes.get(node) ?? told;
    const newer = told.sequence >= known.sequence ? told : known;
    const { state, note } = newer.figures;
    const { count, seconds, failures, warnings, warning } =
      told.figures.count >= known.figures.count ? told.figures : known.figures;
    const figures = { state, count, seconds, failures, ...warnedOf(warnings, warning), ...noteOf(note) };
    this.nodes.set(node, { sequence: newer.sequence, figures });
  }
}

const UNTOLD: Entry = { sequence: 0, figures: { state: "done", count: 0, seconds: 0, failures: 0 } };

function reportOf(visit: NodeVisit): Report {
  const figures = {
    state: visit.state,
    count: Math.max(visit.visits, visit.left_at === null ? 0 : visit.count),
    seconds: Math.max(visit.total_seconds, visit.seconds ?? 0),
    failures: visit.failures,
    ...warnedOf(visit.warnings, visit.warning),
    note: visit.failure?.message ?? (visit.state === "stopped" ? "Stopped here." : undefined),
  };
  return { sequence: visit.sequence, figures };
}

function noteOf(note: string | undefined): { note?: string } {
  return note === undefined ? {} : { note };
}
