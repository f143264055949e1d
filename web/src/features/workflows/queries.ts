import { queryOptions } from "@tanstack/react-query";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { given } from "@/shared/api/given";
import type { Listing } from "@/shared/ui/pagedList";

/** The orders that the list offers; `-` turns one round. */
export const SORTS = [
  "name",
  "-name",
  "updated",
  "-updated",
  "last-run",
  "-last-run",
  "failures",
  "-failures",
] as const;

export type Workflow = Schemas["WorkflowAnswer"];
export type Overview = Schemas["WorkflowOverview"];
export type Version = Schemas["VersionAnswer"];
export type WorkflowFile = Schemas["WorkflowFileAnswer"];
export type FileChange = Schemas["ChangesOfFiles"]["changes"][number];

/** All that is kept about one workflow begins with this key. */
export const workflowKey = (id: string) => ["workflow", id] as const;

/** One workflow. */
export const workflowQuery = (id: string) =>
  queryOptions({
    queryKey: [...workflowKey(id), "itself"],
    queryFn: ({ signal }) =>
      dataOf(api.GET("/api/workflows/{workflow_id}", { params: { path: { workflow_id: id } }, signal })),
  });

/** The workflows that call one. */
export const callersQuery = (id: string) =>
  queryOptions({
    queryKey: [...workflowKey(id), "callers"],
    queryFn: ({ signal }) =>
      dataOf(api.GET("/api/workflows/{workflow_id}/callers", { params: { path: { workflow_id: id } }, signal })),
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

/** The files of a version, which never change. */
export const versionFilesQuery = (id: string, number: number) =>
  queryOptions({
    queryKey: [...workflowKey(id), "files", number],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      dataOf(
        api.GET("/api/workflows/{workflow_id}/versions/{number}/files", {
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

/** The filters and the order of the list, as its address holds them. */
export interface WorkflowsSearch {
  text?: string | undefined;
  tag?: string[] | undefined;
  state?: keyof typeof STATE_QUERY | undefined;
  archived?: true | undefined;
  sort?: (typeof SORTS)[number] | undefined;
}

const STATE_QUERY = { published: { published: true }, unpublished: { published: false }, draft: { has_draft: true } };

/** The list of workflows. */
export function workflowsListing({ sort, ...filters }: WorkflowsSearch): Listing<Overview> {
  return {
    queryKey: ["workflows", "list", filters, sort],
    fetchPage: (cursor, signal) => {
      const { state, ...others } = filters;
      const wanted = state === undefined ? {} : STATE_QUERY[state];
      const query = given({ ...others, ...wanted, sort, limit: 50, cursor });
      return dataOf(api.GET("/api/workflows", { params: { query }, signal }));
    },
  };
}

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
