import { useEffect } from "react";
import { announcePage, dropDraft, keepDraft } from "@/studio/keeping/drafts";
import { isDirty, useEditorStore } from "@/studio/state/editor";

const PAUSE_MILLISECONDS = 600;

/** Keeps unsaved changes in this browser a moment after each, and forgets them once they are saved. */
export function useKeptDraft(): void {
  const store = useEditorStore();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let kept = false;
    const keep = () => {
      clearTimeout(timer);
      const state = store.getState();
      if (isDirty(state)) void keepDraft(state.workflowId, state.flow, state.basedOn).catch(() => undefined);
      else if (kept) void dropDraft(state.workflowId).catch(() => undefined);
      kept = isDirty(state);
    };
    const stopWatching = store.subscribe((state, before) => {
      if (state.flow === before.flow && state.savedFlow === before.savedFlow) return;
      clearTimeout(timer);
      timer = setTimeout(keep, PAUSE_MILLISECONDS);
    });
    const silence = announcePage();
    window.addEventListener("pagehide", keep);
    return () => {
      keep();
      stopWatching();
      silence();
      window.removeEventListener("pagehide", keep);
    };
  }, [store]);
}
