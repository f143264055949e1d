import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useExecutionChanges, type ExecutionChange } from "@/shared/live/executionChanges";
import { throttled } from "@/shared/live/throttle";

/**
 * Reads queries again whenever an execution's state changes, at most every `milliseconds`.
 * `concerns` leaves out changes that do not matter here.
 */
export function useLiveQueries(
  queryKey: QueryKey,
  milliseconds: number,
  concerns: (change: ExecutionChange) => boolean = () => true,
): void {
  const queries = useQueryClient();
  const key = JSON.stringify(queryKey);
  const refresh = useRef<ReturnType<typeof throttled> | null>(null);
  useEffect(() => {
    const again = throttled(
      () => void queries.invalidateQueries({ queryKey: JSON.parse(key) as QueryKey }),
      milliseconds,
    );
    refresh.current = again;
    return () => again.cancel();
  }, [queries, key, milliseconds]);
  useExecutionChanges(
    (change) => {
      if (concerns(change)) refresh.current?.call();
    },
    () => refresh.current?.call(),
  );
}
