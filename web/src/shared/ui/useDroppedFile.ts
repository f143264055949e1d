import { useEffect, useEffectEvent, useState } from "react";

/**
 * Takes a file that is dropped anywhere on the page while the component is there: one that misses a small target would
 * be opened in the place of the page. Gives whether one is held over the page now.
 */
export function useDroppedFile(take: (file: File) => void): boolean {
  const [over, setOver] = useState(false);
  const onDrag = useEffectEvent((event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    // Only where the page itself is left has it no other element to go on to.
    setOver(event.type === "dragover" || (event.type === "dragleave" && event.relatedTarget !== null));
    const file = event.dataTransfer.files[0];
    if (event.type === "drop" && file !== undefined) take(file);
  });
  useEffect(() => {
    const listener = (event: DragEvent) => onDrag(event);
    const types = ["dragover", "dragleave", "drop"] as const;
    types.forEach((type) => window.addEventListener(type, listener));
    return () => types.forEach((type) => window.removeEventListener(type, listener));
  }, []);
  return over;
}
