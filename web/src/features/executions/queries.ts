import { queryOptions } from "@tanstack/react-query";
import { type ExecutionsSearch, filtersOf, parametersOf } from "@/features/executions/search";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { readDocument } from "@/shared/flow/readDocument";
import type { Listing } from "@/shared/ui/pagedList";

export type Execution = Schemas["ExecutionSummary"];
export type ExecutionDetail = Schemas["ExecutionDetail"];

/** All that is known of executions hangs on this key. */
export const EXECUTIONS = ["executions"] as const;
const PAGE_SIZE = 50;

/** The name of a list: its filters, without the page. */
export function listKey(search: ExecutionsSearch) {
  return [...EXECUTIONS, "list", filtersOf(search)] as const;
}

/** The list itself. */
export function executionsListing(search: ExecutionsSearch): Listing<Execution> {
  return {
    queryKey: listKey(search),
    fetchPage: (cursor, signal) => {
      const query = { ...parametersOf(search), limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) };
      return dataOf(api.GET("/api/executions", { params: { query }, signal }));
    },
  };
}

/** How many there are in each state, whatever states are shown. */
export function countsQuery(search: ExecutionsSearch) {
  const filters = filtersOf({ ...search, state: undefined });
  return queryOptions({
    queryKey: [...EXECUTIONS, "counts", filters],
    queryFn: ({ signal }) =>
      dataOf(api.GET("/api/executions/counts", { params: { query: parametersOf(filters) }, signal })),
  });
}

/** One execution with all that is known of it. */
export function executionQuery(id: string) {
  return queryOptions({
    queryKey: [...EXECUTIONS, "one", id],
    queryFn: ({ signal }) =>
      dataOf(api.GET("/api/executions/{execution_id}", { params: { path: { execution_id: id } }, signal })),
  });
}

/** What each node of an execution did last, and how often; once it has `ended`, the answer is final. */
export function nodesQuery(id: string, ended: boolean) {
  return queryOptions({
    queryKey: [...EXECUTIONS, "one", id, "nodes", ended],
    queryFn: async ({ signal }) => {
      const params = { path: { execution_id: id } };
      const { items } = await dataOf(api.GET("/api/executions/{execution_id}/nodes", { params, signal }));
      return { items, ended };
    },
  });
}

export type ExecutionFile = Schemas["FileAnswer"];

/** As much of a text is shown in place. */
export const TEXT_BYTES = 200_000;

/** The files that an execution was given and kept. */
export function filesQuery(id: string) {
  return queryOptions({
    queryKey: [...EXECUTIONS, "one", id, "files"],
    queryFn: ({ signal }) =>
      dataOf(api.GET("/api/executions/{execution_id}/files", { params: { path: { execution_id: id } }, signal })),
  });
}

/** The beginning of a file as text. The content of a file never changes. */
export function fileTextQuery(executionId: string, fileId: string) {
  return queryOptions({
    queryKey: [...EXECUTIONS, "one", executionId, "files", fileId],
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const path = { execution_id: executionId, file_id: fileId };
      const headers = { Range: `bytes=0-${TEXT_BYTES - 1}` };
      const { data } = await api.GET("/api/executions/{execution_id}/files/{file_id}", {
        params: { path, query: { show: true } },
        headers,
        parseAs: "text",
        signal,
      });
      return data ?? "";
    },
  });
}

/** What the processes of an execution used. */
export function metricsQuery(id: string) {
  return queryOptions({
    queryKey: [...EXECUTIONS, "one", id, "metrics"],
    queryFn: ({ signal }) =>
      dataOf(api.GET("/api/executions/{execution_id}/metrics", { params: { path: { execution_id: id } }, signal })),
  });
}

/** The workflow as it ran. Versions never change. */
export function versionQuery(workflowId: string, number: number) {
  return queryOptions({
    queryKey: ["version", workflowId, number],
    staleTime: Infinity,
    structuralSharing: false,
    queryFn: async ({ signal }) => {
      const params = { path: { workflow_id: workflowId, number } };
      const version = await dataOf(api.GET("/api/workflows/{workflow_id}/versions/{number}", { params, signal }));
      return readDocument(version.document);
    },
  });
}
