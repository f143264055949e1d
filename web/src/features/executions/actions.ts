import { useMutation, useQueryClient } from "@tanstack/react-query";
import { EXECUTIONS } from "@/features/executions/queries";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { inWords } from "@/shared/api/errors";
import { told, toldError } from "@/shared/ui/told";

/** Asks the Hub to stop an execution. */
export function stopExecution(id: string) {
  return dataOf(api.POST("/api/executions/{execution_id}/stop", { params: { path: { execution_id: id } } }));
}

/** Starts an execution again. A draft that ran with its errors may do so again. */
export function runAgain(id: string, body: Partial<Schemas["AgainRequest"]> = {}) {
  const params = { path: { execution_id: id } };
  const whole = { from_failed: false, allow_errors: true, ...body };
  return dataOf(api.POST("/api/executions/{execution_id}/again", { params, body: whole }));
}

interface Outcome {
  done: number;
  failures: string[];
}

/** Does the same with many executions, one after the other. */
async function withEach(ids: readonly string[], act: (id: string) => Promise<unknown>): Promise<Outcome> {
  const outcome: Outcome = { done: 0, failures: [] };
  for (const id of ids) {
    try {
      await act(id);
      outcome.done += 1;
    } catch (error) {
      outcome.failures.push(inWords(error));
    }
  }
  return outcome;
}

/** The two things that one does with executions of a list; what becomes of it is told in a notification. */
export function useListActions() {
  const queries = useQueryClient();
  const tell = (verb: string) => (outcome: Outcome) => {
    const [first] = outcome.failures;
    if (outcome.done > 0) told(`${verb} ${executions(outcome.done)}.`);
    if (first !== undefined) toldError(`${executions(outcome.failures.length)} refused: ${first}`);
    return queries.invalidateQueries({ queryKey: EXECUTIONS });
  };
  const stop = useMutation({
    mutationFn: (ids: readonly string[]) => withEach(ids, stopExecution),
    onSuccess: tell("Asked to stop"),
  });
  const again = useMutation({
    mutationFn: (ids: readonly string[]) => withEach(ids, (id) => runAgain(id)),
    onSuccess: tell("Started again"),
  });
  return { stop, again };
}

/** "1 execution", "12 executions". */
export function executions(count: number): string {
  return `${count.toLocaleString()} ${count === 1 ? "execution" : "executions"}`;
}
