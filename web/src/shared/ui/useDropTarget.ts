import { useEffect, useState, type DragEvent as ReactDragEvent } from "react";

/**
 * An element onto which files can be dropped. While it is there, one that misses it is not opened by the browser in the
 * place of the page.
 */
export function useDropTarget(take: (files: readonly File[]) => void) {
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
      const files = [...event.dataTransfer.files];
      if (files.length > 0) take(files);
    },
  };
  return { over, target };
}
