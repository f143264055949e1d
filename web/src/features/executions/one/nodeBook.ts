import type { NodeEvent } from "@/features/executions/one/told";
import type { Schemas } from "@/shared/api/client";
import type { NodeRunState } from "@/shared/flow/runState";
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

/** The nodes of one execution, kept current by what it tells. */
export class NodeBook {
  private readonly nodes = new Map<string, NodeFigures>();

  /** Takes what the Hub knows; it replaces what is here. */
  fill(visits: readonly NodeVisit[]): void {
    this.nodes.clear();
    for (const visit of visits) {
      this.nodes.set(visit.node, {
        state: visit.state === "stopped" ? "paused" : visit.state,
        count: Math.max(visit.visits, visit.left_at === null ? 0 : visit.count),
        seconds: Math.max(visit.total_seconds, visit.seconds ?? 0),
        failures: visit.failures,
        ...warnedOf(visit.warnings, visit.warning),
        ...noteOf(visit.failure?.message ?? (visit.state === "stopped" ? "The execution ended here." : undefined)),
      });
    }
  }

  /** Takes one event in. */
  take(event: NodeEvent): void {
    if (event.event === "node.totals") {
      for (const [node, count, seconds, failures = 0, warnings, warning] of event.totals) {
        const known = this.nodes.get(node) ?? UNTOLD;
        this.nodes.set(node, { ...known, count, seconds, failures, ...warnedOf(warnings, warning) });
      }
      return;
    }
    const known = this.nodes.get(event.node) ?? UNTOLD;
    if (event.event === "node.entered") {
      this.nodes.set(event.node, { ...known, state: "running" });
      return;
    }
    this.nodes.set(event.node, {
      failures: known.failures,
      ...warnedOf(known.warnings, known.warning),
      state: event.failure === undefined ? "done" : "failed",
      count: Math.max(known.count, event.count ?? 1),
      seconds: Math.max(known.seconds, event.seconds),
      ...noteOf(event.failure?.message),
    });
  }

  /** What is known now, as a new object. */
  snapshot(): Readonly<Record<string, NodeFigures>> {
    return Object.fromEntries(this.nodes);
  }
}

const UNTOLD: NodeFigures = { state: "done", count: 0, seconds: 0, failures: 0 };

function noteOf(note: string | undefined): { note?: string } {
  return note === undefined ? {} : { note };
}
