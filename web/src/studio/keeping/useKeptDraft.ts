import { useEffect } from "react";
import { announcePage, dropDraft, keepDraft } from "@/studio/keeping/drafts";
import { isDirty, useEditorStore } from "@/studio/state/editor";

const KEEP_MILLISECONDS = 400;

/**
 * Keeps unsaved changes in this browser while they are made, and forgets them once they are saved. A page that goes
 * away may be gone before its last writing is done, so nothing waits for a pause: what is lost is the last moment.
 */
export function useKeptDraft(): void {
  const store = useEditorStore();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let kept = false;
    const keep = () => {
      clearTimeout(timer);
      timer = undefined;
      const state = store.getState();
      if (isDirty(state)) void keepDraft(state, state.flow, state.basedOn).catch(() => undefined);
      else if (kept) void dropDraft(state).catch(() => undefined);
      kept = isDirty(state);
    };
    const stopWatching = store.subscribe((state, before) => {
      if (state.savedFlow !== before.savedFlow) keep();
      else if (state.flow !== before.flow) timer ??= setTimeout(keep, KEEP_MILLISECONDS);
    });
    const silence = announcePage();
    // The earlier of the two leaves time: the browser asks whether to leave.
    window.addEventListener("beforeunload", keep);
    window.addEventListener("pagehide", keep);
    return () => {
      keep();
      stopWatching();
      silence();
      window.removeEventListener("beforeunload", keep);
      window.removeEventListener("pagehide", keep);
    };
  }, [store]);
}
