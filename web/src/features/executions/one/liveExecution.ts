import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { TOLD_NAMES, type ToldEvent } from "@/features/executions/one/told";
import { EXECUTIONS, type ExecutionDetail } from "@/features/executions/queries";
import { isActive } from "@/features/executions/search";
import { openStream } from "@/shared/api/stream";
import type { ExecutionState } from "@/shared/ui/StateBadge";

type Hearer = (event: ToldEvent, sequence: number) => void;

/** What one execution tells, passed on to all parts of the page that want to know. */
export class LiveExecution {
  private readonly hearers = new Set<Hearer>();

  /** Calls `hearer` with each event. Gives the way to end that. */
  hear(hearer: Hearer): () => void {
    this.hearers.add(hearer);
    return () => this.hearers.delete(hearer);
  }

  tell(event: ToldEvent, sequence: number): void {
    for (const hearer of this.hearers) hearer(event, sequence);
  }
}

/** Listens to an execution for as long as it goes on. What the page knows is read again when its state changes. */
export function useLiveExecution(execution: ExecutionDetail): LiveExecution {
  const queries = useQueryClient();
  const [live] = useState(() => new LiveExecution());
  const { id, last_sequence } = execution;
  const active = isActive(execution.state);
  const [since] = useState(last_sequence);
  useEffect(() => {
    if (!active) return undefined;
    const refresh = () => void queries.invalidateQueries({ queryKey: [...EXECUTIONS, "one", id] });
    const close = openStream(`/api/executions/${id}/stream?last_event_id=${since}`, ["state", ...TOLD_NAMES], {
      onEvent: (name, data, sequence) => {
        if (name !== "state") return live.tell(data as ToldEvent, Number(sequence));
        const { state } = data as { state: ExecutionState };
        if (!isActive(state)) close();
        refresh();
      },
    });
    return close;
  }, [queries, live, id, active, since]);
  return live;
}
