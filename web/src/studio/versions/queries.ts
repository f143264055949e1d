import { queryOptions } from "@tanstack/react-query";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { queryClient } from "@/shared/api/queries";

/** The workflow itself: which versions there are, and which is published. */
export const workflowQuery = (id: string) =>
  queryOptions({
    queryKey: ["workflow", id, "itself"],
    queryFn: ({ signal }) =>
      dataOf(api.GET("/api/workflows/{workflow_id}", { params: { path: { workflow_id: id } }, signal })),
  });

/** The newest versions, without documents. */
export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["workflow", id, "versions", "choices"],
    queryFn: ({ signal }) => {
      const params = { path: { workflow_id: id }, query: { limit: 200 } };
      return dataOf(api.GET("/api/workflows/{workflow_id}/versions", { params, signal }));
    },
  });

/** The versions that a call can pin: those that were ever published, the newest first. */
export const pinnableQuery = (id: string) =>
  queryOptions({
    queryKey: ["workflow", id, "versions", "pinnable"],
    queryFn: async ({ signal }) => {
      const found: Schemas["VersionAnswer"][] = [];
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
    queryKey: ["workflow", id, "diff", from, to],
    staleTime: 60_000,
    queryFn: ({ signal }) => {
      const params = { path: { workflow_id: id }, query: { from, to } };
      return dataOf(api.GET("/api/workflows/{workflow_id}/diff", { params, signal }));
    },
  });

/** Reads again what is shown of a workflow, and the lists that it stands in. */
export async function refreshWorkflow(id: string): Promise<void> {
  // What was fetched ahead to be opened may be another version than the newest by now.
  queryClient.removeQueries({ queryKey: ["studio-version", id] });
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ["workflow", id] }),
    queryClient.invalidateQueries({ queryKey: ["workflows"] }),
  ]);
}
