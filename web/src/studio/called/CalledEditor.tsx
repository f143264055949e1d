import { type ReactNode, useEffect, useMemo } from "react";
import { useShownTrail } from "@/studio/called/useShownTrail";
import { createEditor, EditorContext, useEditor } from "@/studio/state/editor";

interface CalledEditorProps {
  calls: readonly string[];
  /** The step that is selected in it. */
  node: string | null;
  /** Stands there until the called workflow is here. */
  waiting: ReactNode;
  children: ReactNode;
}

/** Lets the parts inside of it read the workflow that calls lead to, as they read that which is edited; to look only. */
export function CalledEditor({ calls, node, waiting, children }: CalledEditorProps) {
  const called = useShownTrail(calls).data?.at(-1);
  const catalogue = useEditor((state) => state.catalogue);
  const run = useEditor((state) => state.lastRun);
  const store = useMemo(() => {
    if (called === undefined) return null;
    const { workflowId, version: basedOn, flow } = called;
    return createEditor({ workflowId, catalogue, flow, basedOn, readOnly: true, standsAt: calls });
  }, [called, catalogue, calls]);
  useEffect(() => store?.actions.setLastRun(run), [store, run]);
  useEffect(() => store?.actions.select({ nodes: node === null ? [] : [node] }), [store, node]);
  return store === null ? waiting : <EditorContext value={store}>{children}</EditorContext>;
}
