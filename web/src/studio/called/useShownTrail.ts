import { useTrail } from "@/shared/flow/trail";
import { useRun } from "@/studio/core/useRun";
import { useEditor } from "@/studio/state/editor";

/** The workflows that calls lead through: the versions of the run that is shown, otherwise those of a run now. */
export function useShownTrail(calls: readonly string[]) {
  const root = useEditor(({ flow }) => flow);
  const at = useRun(({ shown }) => shown?.assignedAt ?? null);
  return useTrail(root, calls, at);
}
