import { useEffect, useEffectEvent } from "react";
import type { Schemas } from "@/shared/api/client";
import { openStream } from "@/shared/api/stream";

type Summary = Schemas["ExecutionSummary"];

/** What the Hub tells of an execution whose state changed: at least which one, and its new state. */
export type ExecutionChange = Pick<Summary, "id" | "state"> & Partial<Summary>;

interface Listener {
  onChange: (change: ExecutionChange) => void;
  /** Changes may have gone unheard: read everything again. */
  onMissed: () => void;
}

const listeners = new Set<Listener>();
let close: (() => void) | null = null;

function open(): () => void {
  return openStream("/api/executions/stream", ["state", "missed"], {
    onEvent: (name, data) => {
      for (const listener of listeners) {
        if (name === "missed") listener.onMissed();
        else listener.onChange(data as ExecutionChange);
      }
    },
    onConnected: (connected) => {
      // At the first time too: what is shown may have been read before anybody listened.
      if (connected) listeners.forEach((listener) => listener.onMissed());
    },
  });
}

/** Hears of every execution's new states; all who listen share one connection. Gives the way to end it. */
export function listenToExecutions(listener: Listener): () => void {
  listeners.add(listener);
  close ??= open();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    close?.();
    close = null;
  };
}

/** Calls the latest of these functions while the component is there; without `enabled` nothing is listened to. */
export function useExecutionChanges(
  onChange: Listener["onChange"],
  onMissed: Listener["onMissed"] = () => undefined,
  enabled = true,
): void {
  const changed = useEffectEvent(onChange);
  const missed = useEffectEvent(onMissed);
  useEffect(() => {
    if (!enabled) return undefined;
    return listenToExecutions({ onChange: (change) => changed(change), onMissed: () => missed() });
  }, [enabled]);
}
