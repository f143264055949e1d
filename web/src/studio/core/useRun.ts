import { useStore } from "zustand";
import { useStudio } from "@/studio/core/studio";
import type { RunState } from "@/studio/running/runState";
import type { Running } from "@/studio/running/running";

/** A part of what is known of the execution that is shown. */
export function useRun<Part>(select: (state: RunState) => Part): Part {
  return useStore(useStudio().run.store, select);
}

/** What can be done about the execution that is shown. */
export function useRunning(): Running {
  return useStudio().run;
}
