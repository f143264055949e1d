/** The way from a workflow into one that it calls, and on into those that are called there. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, dataOf } from "@/shared/api/client";
import { calledBy, type Call } from "@/shared/flow/calls";
import { nodeOf, type Flow } from "@/shared/flow/document";
import { readDocument } from "@/shared/flow/readDocument";

/** A called workflow: the version that a call gets. */
export interface Called extends Call {
  /** The calling node's id, in the workflow before. */
  readonly call: string;
  readonly workflowId: string;
  readonly version: number;
  readonly flow: Flow;
}

/**
 * The workflows that calls lead through from `root`, the last one is that to be shown. `at` is when the execution was
 * assigned in which they are called; null for what a call would get now.
 */
export function trailQuery(root: Flow, calls: readonly string[], at: string | null) {
  const [first = ""] = calls;
  return queryOptions({
    queryKey: ["called", calledBy(nodeOf(root, first)), calls, at] as const,
    structuralSharing: false,
    refetchOnWindowFocus: false,
    queryFn: async ({ client }) => {
      const trail: Called[] = [];
      for (const call of calls) {
        const wanted = calledBy(nodeOf(trail.at(-1)?.flow ?? root, call));
        if (wanted === null) throw new Error(`There is no step ${call} that calls a workflow.`);
        trail.push({ call, ...wanted, ...(await client.fetchQuery(calledQuery(wanted, at))) });
      }
      return trail;
    },
  });
}

/** The workflows that calls lead through. While another moment is asked for, those of the one before are given. */
export function useTrail(root: Flow, calls: readonly string[], at: string | null) {
  return useQuery({
    ...trailQuery(root, calls, at),
    enabled: calls.length > 0,
    placeholderData: (before) => (before?.map(({ call }) => call).join("/") === calls.join("/") ? before : undefined),
  });
}

/**
 * The version that a call gets now; nothing where there is no call. While another version of the same workflow is asked
 * for, the one before is given.
 */
export function useCalled(call: Call | null) {
  return useQuery({
    ...calledQuery(call ?? { name: "", pinned: null }, null),
    enabled: call !== null,
    placeholderData: (before, query) => (query?.queryKey[1] === call?.name ? before : undefined),
  });
}

function calledQuery({ name, pinned }: Call, at: string | null) {
  return queryOptions({
    queryKey: ["called-version", name, pinned, at] as const,
    // What was called then stays what it was.
    ...(at !== null && { staleTime: Infinity }),
    structuralSharing: false,
    queryFn: async () => {
      const query = { name, ...(pinned !== null && { version: pinned }), ...(at !== null && { at }) };
      const version = await dataOf(api.GET("/api/workflows/published", { params: { query } }));
      return { workflowId: version.workflow_id, version: version.number, flow: readDocument(version.document) };
    },
  });
}

/**
 * The calls that lead into what a node of the trail's last workflow calls. Events name the nodes of a workflow that is
 * called again inside of itself as at its first call, so that is where they lead then.
 */
export function callsInto(trail: readonly Called[], node: string, { name, pinned }: Call): readonly string[] {
  const again = trail.findIndex((called) => called.name === name && called.pinned === pinned);
  const calls = trail.map(({ call }) => call);
  return again < 0 ? [...calls, node] : calls.slice(0, again + 1);
}
