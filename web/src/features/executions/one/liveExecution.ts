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

/**
 * Listens to an execution from its first active state until the stream itself says that it has ended: the page may read
 * the end before the last events are here. What the page knows is read again when the state changes, and once the stream
 * is open, because events may have come between the reading and the listening.
 */
export function useLiveExecution(execution: ExecutionDetail): LiveExecution {
  const queries = useQueryClient();
  const [live] = useState(() => new LiveExecution());
  const { id } = execution;
  const [first] = useState(execution);
  useEffect(() => {
    if (!isActive(first.state)) return undefined;
    const queryKey = [...EXECUTIONS, "one", id];
    const refresh = () => void queries.invalidateQueries({ queryKey });
    const close = openStream(
      `/api/executions/${id}/stream?last_event_id=${first.last_sequence}`,
      ["state", ...TOLD_NAMES],
      {
        onEvent: (name, data, sequence) => {
          if (name !== "state") return live.tell(data as ToldEvent, Number(sequence));
          const { state } = data as { state: ExecutionState };
          if (!isActive(state)) close();
          refresh();
        },
        onConnected: (connected) => {
          if (connected) refresh();
        },
      },
    );
    return close;
  }, [queries, live, id, first]);
  return live;
}
