import { useEffect } from "react";

/**
 * Marks in the browser's performance timeline that a page has drawn what it is for, as `shown:NAME`. The benches, and
 * whoever opens the browser's own profiler, see it there.
 */
export function useShown(name: string, ready: boolean): void {
  useEffect(() => {
    if (!ready) return;
    const frame = requestAnimationFrame(() => performance.mark(`shown:${name}`));
    return () => cancelAnimationFrame(frame);
  }, [name, ready]);
}
