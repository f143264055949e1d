import { queryOptions } from "@tanstack/react-query";
import { api, dataOf, type Schemas } from "@/shared/api/client";

export type Workflow = Schemas["WorkflowAnswer"];
export type Overview = Schemas["WorkflowOverview"];
export type Version = Schemas["VersionAnswer"];

/** All that is kept about one workflow begins with this key. */
export const workflowKey = (id: string) => ["workflow", id] as const;

/** One workflow. */
export const workflowQuery = (id: string) =>
  queryOptions({
    queryKey: [...workflowKey(id), "itself"],
    queryFn: ({ signal }) =>
      dataOf(api.GET("/api/workflows/{workflow_id}", { params: { path: { workflow_id: id } }, signal })),
  });

/** A version with its document, which never changes; its state may. */
export const versionQuery = (id: string, number: number) =>
  queryOptions({
    queryKey: [...workflowKey(id), "version", number],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      dataOf(
        api.GET("/api/workflows/{workflow_id}/versions/{number}", {
          params: { path: { workflow_id: id, number } },
          signal,
        }),
      ),
  });

/** The newest versions, for choosing one. */
export const versionChoicesQuery = (id: string) =>
  queryOptions({
    queryKey: [...workflowKey(id), "versions", "choices"],
    queryFn: ({ signal }) =>
      dataOf(
        api.GET("/api/workflows/{workflow_id}/versions", {
          params: { path: { workflow_id: id }, query: { limit: 200 } },
          signal,
        }),
      ),
  });

/** All tags, the most used first. */
export const tagsQuery = queryOptions({
  queryKey: ["workflows", "tags"],
  queryFn: ({ signal }) => dataOf(api.GET("/api/workflows/tags", { signal })),
});

/** What is different between two versions. */
export const diffQuery = (id: string, from: number, to: number) =>
  queryOptions({
    queryKey: [...workflowKey(id), "diff", from, to],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      dataOf(
        api.GET("/api/workflows/{workflow_id}/diff", {
          params: { path: { workflow_id: id }, query: { from, to } },
          signal,
        }),
      ),
  });
