import { queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "@/shared/api/client";

/** All that is known of Runners hangs on this key. */
export const RUNNERS = ["runners"] as const;

/** The Runners to choose from. */
export const runnerChoicesQuery = queryOptions({
  queryKey: [...RUNNERS, "choices"],
  queryFn: ({ signal }) => dataOf(api.GET("/api/runners", { params: { query: { limit: 200 } }, signal })),
});
