import type { Edit } from "@/studio/model/edit";
import type { Catalogue } from "@/shared/flow/catalogue";
import type { Flow } from "@/shared/flow/document";

/** A flow before an edit, to go back to, or after one, to go on to. */
interface Step {
  readonly label: string;
  readonly flow: Flow;
  readonly merge?: string;
}

/** A flow with what was done to it. Earlier flows share with it all that did not change. */
export interface History {
  readonly flow: Flow;
  readonly past: readonly Step[];
  readonly future: readonly Step[];
}

/** How many steps can be undone. */
export const MOST_STEPS = 500;

export function startHistory(flow: Flow): History {
  return { flow, past: [], future: [] };
}

/** Carry out an edit; the history itself where it changes nothing. */
export function perform(history: History, edit: Edit, catalogue: Catalogue): History {
  const flow = edit.apply(history.flow, catalogue);
  if (flow === history.flow) return history;
  const last = history.past.at(-1);
  if (edit.merge !== undefined && last?.merge === edit.merge && history.future.length === 0)
    return { ...history, flow };
  const step = { label: edit.label, flow: history.flow, ...(edit.merge !== undefined && { merge: edit.merge }) };
  return { flow, past: [...history.past, step].slice(-MOST_STEPS), future: [] };
}

/** Take back the last step; the history itself where there is none. */
export function undo(history: History): History {
  const step = history.past.at(-1);
  if (step === undefined) return history;
  const undone = { label: step.label, flow: history.flow };
  return { flow: step.flow, past: history.past.slice(0, -1), future: [undone, ...history.future] };
}

/** Do again what was taken back last; the history itself where there is nothing. */
export function redo(history: History): History {
  const [step, ...future] = history.future;
  if (step === undefined) return history;
  return { flow: step.flow, past: [...history.past, { label: step.label, flow: history.flow }], future };
}
