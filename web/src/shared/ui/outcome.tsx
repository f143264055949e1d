import type { Schemas } from "@/shared/api/client";
import { STOPPED_TYPE } from "@/shared/flow/runState";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";

type Ended = Pick<Schemas["ExecutionSummary"], "state" | "stop_requested_by_name"> & {
  failure: Pick<Schemas["ExecutionFailure"], "type" | "message"> | null;
};

/** Who stopped an execution, or why it stopped: a wish, not a failure. */
export function stoppedWords(by: string | null | undefined, failure: Ended["failure"]): string {
  if (by) return `Stopped by ${by}`;
  return failure === null || failure.type === STOPPED_TYPE ? "Stopped" : failure.message;
}

/** What became of an execution, in one line; "" while it goes on, and where it completed. */
export function outcomeOf({ state, failure, stop_requested_by_name: by }: Ended): string {
  return state === "STOPPED" ? stoppedWords(by, failure) : (failure?.message ?? "");
}

/** The same as an element. */
export function Outcome({ execution, className }: { execution: Ended; className?: string | undefined }) {
  const words = outcomeOf(execution);
  const quiet = execution.state === "STOPPED" && { style: { color: "var(--exekra-quiet)" } };
  return (
    <span className={className} title={words} {...quiet}>
      <PlainMarkup text={words} />
    </span>
  );
}
