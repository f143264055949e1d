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

export type Overview = Schemas["WorkflowOverview"];
export type WorkflowFile = Schemas["WorkflowFileAnswer"];
export type FileChange = Schemas["ChangesOfFiles"]["changes"][number];

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
