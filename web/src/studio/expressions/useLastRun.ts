import { skipToken, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { behind } from "@/shared/flow/calls";
import type { Json, JsonObject } from "@/shared/flow/document";
import { plainValue } from "@/studio/expressions/lastValues";
import { withLoopItems } from "@/studio/expressions/loopItems";
import type { TrialScope } from "@/studio/expressions/names";
import { useEditor, useEditorStore } from "@/studio/state/editor";

/** What a run told of a node the last time it came there. */
export type NodeVisit = Schemas["NodeVisit"];

const BEGUN = ["RUNNING", "COMPLETED", "FAILED", "STOPPED"] as const;

/** The execution whose values forms show: the one that the page runs or shows, otherwise the workflow's latest. */
export function useLastRun(): string | null {
  const shown = useEditor(({ lastRun }) => lastRun);
  const workflow = useEditor(({ workflowId }) => workflowId);
  const called = useEditor(({ standsAt }) => standsAt.length > 0);
  const { data } = useQuery({
    queryKey: ["executions", "latest", workflow],
    enabled: shown === null && !called,
    queryFn: async () => {
      const query = { workflow_id: workflow, state: [...BEGUN], limit: 1 };
      return (await dataOf(api.GET("/api/executions", { params: { query } }))).items[0]?.id ?? null;
    },
  });
  return shown ?? data ?? null;
}

/** What the last run told of each of its nodes. */
export function useVisits(execution: string | null): ReadonlyMap<string, NodeVisit> {
  const standsAt = useEditor((state) => state.standsAt);
  const select = useCallback(({ items }: Schemas["Nodes"]) => byNode(items, standsAt), [standsAt]);
  const { data } = useQuery({
    queryKey: ["executions", execution, "nodes"],
    queryFn:
      execution === null
        ? skipToken
        : () =>
            dataOf(api.GET("/api/executions/{execution_id}/nodes", { params: { path: { execution_id: execution } } })),
    select,
  });
  return data ?? NO_VISITS;
}

function byNode(visits: readonly NodeVisit[], calls: readonly string[]): ReadonlyMap<string, NodeVisit> {
  return new Map(Object.entries(behind(Object.fromEntries(visits.map((visit) => [visit.node, visit])), calls)));
}

const NO_VISITS: ReadonlyMap<string, NodeVisit> = new Map();

/**
 * The values with which a node could begin after the last run. A node that is newer than the run gets what the run told
 * of the others.
 */
export function useScope(node: string | null, wanted: boolean): TrialScope | null {
  const execution = useLastRun();
  // What an execution keeps are the values of the workflow itself.
  const called = useEditor(({ standsAt }) => standsAt.length > 0);
  const visits = useVisits(wanted ? execution : null);
  const { data, isError } = useQuery({
    queryKey: ["executions", execution, "scope", node],
    retry: false,
    queryFn:
      execution === null || node === null || !wanted || called
        ? skipToken
        : ({ signal }) => {
            const params = { path: { execution_id: execution }, query: { node } };
            return dataOf(api.GET("/api/executions/{execution_id}/scope", { params, signal }));
          },
    select: readScope,
  });
  const store = useEditorStore();
  return useMemo(() => {
    const told = (id: string) => (visits.get(id)?.inputs ?? null) as JsonObject | null;
    const completed = (values: JsonObject) => {
      const { flow, catalogue } = store.getState();
      return withLoopItems(values, flow, catalogue, told);
    };
    const results = [...visits].map(([id, visit]) => [id, (visit.preview ?? null) as Json] as const);
    if (data) {
      // Better the beginning of a table than nothing: its columns are known then.
      const shortened = data.exact ? [] : results.filter(([id, value]) => data.missing.includes(id) && value !== null);
      return { ...data, values: completed({ ...data.values, ...Object.fromEntries(shortened) }) };
    }
    if (execution === null || (!isError && node !== null) || visits.size === 0) return null;
    return { values: completed(Object.fromEntries(results)), exact: false, missing: [] };
  }, [data, isError, execution, node, visits, store]);
}

function readScope({ scope, exact, missing }: Schemas["Scope"]): TrialScope {
  return { values: plainValue(scope as Json) as JsonObject, exact, missing };
}
