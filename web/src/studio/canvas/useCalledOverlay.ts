import { useMemo, useState } from "react";
import type { Flow } from "@/shared/flow/document";
import type { NodeRunState } from "@/shared/flow/runState";
import { overlayOf, type Told } from "@/studio/running/told";
import { useRun } from "@/studio/core/useRun";

type Overlay = Readonly<Record<string, NodeRunState>>;

/** What the run that is shown told of the nodes of a called workflow; null where none is shown. */
export function useCalledOverlay(calls: readonly string[], flow: Flow): Overlay | null {
  const told = useRun((run) => (run.shown === null ? null : run.told));
  const [overlays] = useState(() => new Overlays());
  return useMemo(() => (told === null ? null : overlays.next(told, flow, calls)), [overlays, told, flow, calls]);
}

/** Keeps the last one, so that nodes of which nothing new was told are not drawn again. */
class Overlays {
  private last: Overlay | null = null;

  next(told: Told, flow: Flow, calls: readonly string[]): Overlay {
    this.last = overlayOf(told, this.last, Object.keys(flow.nodes), calls);
    return this.last;
  }
}
