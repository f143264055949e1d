import { toldError } from "@/shared/ui/told";
import type { Studio } from "@/studio/core/studio";
import { rememberedRunner } from "@/studio/running/memory";
import type { Question } from "@/studio/running/runState";

export const PLAIN: Question = { debug: false, published: false, startAt: null };

/** Run the workflow; where it wants inputs, or `always`, it is asked for them and for the Runner first. */
export function askOrStart({ store, run }: Studio, question: Question, { always = false } = {}): void {
  if (store.getState().runPhase !== "none" && store.getState().runPhase !== "ended") return;
  if (run.store.getState().asking !== null) return;
  const plain = Object.keys(store.getState().flow.inputs).length === 0 && question.startAt === null;
  if (always || !plain || question.published) {
    run.ask(question);
    return;
  }
  run
    .start({
      ...question,
      inputs: {},
      runner: rememberedRunner.read(store.getState()),
      scope: null,
      allowErrors: false,
    })
    // With the reason, and with another Runner to choose.
    .catch((error: unknown) => run.ask(question, error));
}

/** Run from a step on, or that step alone, with the values of an earlier run. What is unsaved is saved first. */
export async function startAt({ store, saving, run }: Studio, node: string, only: boolean, debug: boolean) {
  const { runPhase } = store.getState();
  if (runPhase !== "none" && runPhase !== "ended") return;
  try {
    if (await saving.saveToRun()) run.ask({ debug, published: false, startAt: { node, only } });
  } catch (error) {
    toldError(error);
  }
}
