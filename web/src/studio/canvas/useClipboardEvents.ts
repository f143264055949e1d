import { useEffect, type RefObject } from "react";
import { pasteText, selectionText } from "@/studio/canvas/clipboard";
import { removeSelection } from "@/studio/canvas/removal";
import type { CanvasPort } from "@/studio/core/canvasPort";
import { useEditorStore } from "@/studio/state/editor";

/** Answers the browser's own copy, cut and paste while the canvas has the focus; that works without HTTPS too. */
export function useClipboardEvents(element: RefObject<HTMLDivElement | null>, port: CanvasPort): void {
  const store = useEditorStore();
  useEffect(() => {
    const isOurs = () =>
      (document.activeElement === element.current || document.activeElement === document.body) &&
      element.current?.closest("[inert]") === null;
    const onCopy = (event: ClipboardEvent) => {
      const { selection, readOnly } = store.getState();
      if (!isOurs() || selection.nodes.length + selection.notes.length === 0) return;
      event.clipboardData?.setData("text/plain", selectionText(store));
      event.preventDefault();
      if (event.type === "cut" && !readOnly) removeSelection(store);
    };
    const onPaste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData("text/plain");
      if (!isOurs() || !text || store.getState().readOnly) return;
      event.preventDefault();
      void pasteText(store, text, port.centre());
    };
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCopy);
      document.removeEventListener("paste", onPaste);
    };
  }, [element, store, port]);
}
