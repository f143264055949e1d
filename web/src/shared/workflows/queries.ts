/** What is known of one workflow, its versions and their files. */
import { queryOptions } from "@tanstack/react-query";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { queryClient } from "@/shared/api/queries";

export type Workflow = Schemas["WorkflowAnswer"];
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
export const versionsQuery = (id: string) =>
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

/** The versions that a call can pin: those that were ever published, the newest first. */
export const pinnableQuery = (id: string) =>
  queryOptions({
    queryKey: [...workflowKey(id), "versions", "pinnable"],
    queryFn: async ({ signal }) => {
      const found: Version[] = [];
      let cursor: string | null = null;
      do {
        const params = { path: { workflow_id: id }, query: { limit: 200, ...(cursor !== null && { cursor }) } };
        const page: Schemas["Page_VersionAnswer_"] = await dataOf(
          api.GET("/api/workflows/{workflow_id}/versions", { params, signal }),
        );
        found.push(...page.items.filter(({ published_at }) => published_at !== null));
        cursor = page.next_cursor ?? null;
      } while (cursor !== null);
      return found;
    },
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

/** Reads again what is shown of a workflow, and the lists that it stands in. */
export async function refreshWorkflow(id: string): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: workflowKey(id) }),
    queryClient.invalidateQueries({ queryKey: ["workflows"] }),
  ]);
}
