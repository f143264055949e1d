import { useEffect, useState, type DragEvent as ReactDragEvent } from "react";

/**
 * An element onto which a file can be dropped. While it is there, one that misses it is not opened by the browser in the
 * place of the page.
 */
export function useDropTarget(take: (file: File) => void) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const keepPage = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    };
    const types = ["dragover", "drop"] as const;
    types.forEach((type) => window.addEventListener(type, keepPage));
    return () => types.forEach((type) => window.removeEventListener(type, keepPage));
  }, []);
  const target = {
    onDragOver: (event: ReactDragEvent) => setOver(event.dataTransfer.types.includes("Files")),
    onDragLeave: () => setOver(false),
    onDrop: (event: ReactDragEvent) => {
      setOver(false);
      const file = event.dataTransfer.files[0];
      if (file !== undefined) take(file);
    },
  };
  return { over, target };
}
