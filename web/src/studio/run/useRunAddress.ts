import { getRouteApi } from "@tanstack/react-router";
import { useEffect } from "react";
import { toldError } from "@/shared/ui/told";
import { useRunning } from "@/studio/core/useRun";

const route = getRouteApi("/pages/studio/$workflowId");

/** Shows the execution that the address names, and keeps the one that is shown in the address. */
export function useRunAddress(): void {
  const run = useRunning();
  const { execution } = route.useSearch();
  const navigate = route.useNavigate();
  useEffect(() => {
    if (execution !== undefined && execution !== run.store.getState().shown?.id) run.show(execution).catch(toldError);
  }, [execution, run]);
  useEffect(
    () =>
      run.store.subscribe(({ shown }, before) => {
        if (shown?.id === before.shown?.id) return;
        void navigate({ search: (old) => ({ ...old, execution: shown?.id }), replace: true, resetScroll: false });
      }),
    [run, navigate],
  );
  useEffect(() => () => run.dispose(), [run]);
}
