import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

/** Reads queries again every so often, for figures that nobody announces. Not while the page is hidden. */
export function usePolling(queryKey: QueryKey, milliseconds: number): void {
  const queries = useQueryClient();
  const key = JSON.stringify(queryKey);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "hidden") return;
      void queries.invalidateQueries({ queryKey: JSON.parse(key) as QueryKey });
    }, milliseconds);
    return () => clearInterval(timer);
  }, [queries, key, milliseconds]);
}
