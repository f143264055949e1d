import { useEffect, useEffectEvent, useState } from "react";
import { toldError } from "@/shared/ui/told";

/**
 * Takes files that are dropped anywhere on the page while the component is there: one that misses a small target would
 * be opened in the place of the page. Gives whether some are held over the page now.
 */
export function useDroppedFiles(take: (files: readonly File[]) => void, enabled = true): boolean {
  const [over, setOver] = useState(false);
  const onDrag = useEffectEvent((event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    // Only where the page itself is left has it no other element to go on to.
    setOver(event.type === "dragover" || (event.type === "dragleave" && event.relatedTarget !== null));
    if (event.type === "drop") take([...event.dataTransfer.files]);
  });
  useEffect(() => {
    if (!enabled) return undefined;
    const listener = (event: DragEvent) => onDrag(event);
    const types = ["dragover", "dragleave", "drop"] as const;
    types.forEach((type) => window.addEventListener(type, listener));
    return () => types.forEach((type) => window.removeEventListener(type, listener));
  }, [enabled]);
  return over;
}

/** As `useDroppedFiles`, for a single one; several are refused in words. */
export function useDroppedFile(take: (file: File) => void): boolean {
  return useDroppedFiles((files) => {
    if (files.length > 1) toldError(new Error(`Drop one file. You dropped ${files.length}.`));
    else if (files[0] !== undefined) take(files[0]);
  });
}
