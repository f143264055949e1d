import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, dataOf } from "@/shared/api/client";
import { isPassing } from "@/shared/api/errors";
import type { Flow } from "@/shared/flow/document";
import { writeDocument } from "@/shared/flow/writeDocument";
import { useSteady } from "@/shared/ui/press";
import { type FlowProblem, useEditor } from "@/studio/state/editor";

const PAUSE_MILLISECONDS = 400;

/** What the Hub's check says of the flow as it stands. */
export interface FlowCheck {
  problems: readonly FlowProblem[];
  /** Whether the flow was changed since. */
  stale: boolean;
  /** Why there is no newer answer; null while all is well. */
  error: Error | null;
  /** Whether there was an answer at all. */
  known: boolean;
}

const NONE: readonly FlowProblem[] = [];

/**
 * Checks the flow a moment after each change; a check that was overtaken is given up. While the Hub is away the last
 * answer stays, and the check is made as soon as it is back.
 */
export function useFlowCheck(): FlowCheck {
  const flow = useEditor((state) => state.flow);
  const workflow = useEditor((state) => state.workflowId);
  const readOnly = useEditor((state) => state.readOnly);
  const [settled] = useDebouncedValue(flow, PAUSE_MILLISECONDS);
  const { data, error, failureReason, isPlaceholderData } = useQuery({
    queryKey: ["flow-check", workflow, revisionOf(settled)],
    enabled: !readOnly,
    staleTime: Infinity,
    gcTime: 10_000,
    retry: (_failures, reason) => isPassing(reason),
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const body = { document: writeDocument(settled) as Record<string, never> };
      return dataOf(api.POST("/api/workflows/check", { body, signal }));
    },
  });
  const problems = data?.problems ?? NONE;
  const stale = isPlaceholderData || settled !== flow;
  const reason = error ?? failureReason;
  const known = data !== undefined;
  return useSteady(useMemo(() => ({ problems, stale, error: reason, known }), [problems, stale, reason, known]));
}

const revisions = new WeakMap<Flow, number>();
let latest = 0;

/** A number for a flow: it is never changed in place, so the object itself is its revision. */
function revisionOf(flow: Flow): number {
  const known = revisions.get(flow);
  if (known !== undefined) return known;
  latest += 1;
  revisions.set(flow, latest);
  return latest;
}
