import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { workflowKey } from "@/shared/workflows/queries";
import { api, dataOf } from "@/shared/api/client";
import { beginOf, type Range } from "@/shared/format/ranges";

const AGAIN_MILLISECONDS = 30_000;

/** How a workflow did in the period up to now. */
export const statisticsQuery = (id: string, range: Range) =>
  queryOptions({
    queryKey: [...workflowKey(id), "statistics", range],
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MILLISECONDS,
    queryFn: ({ signal }) =>
      dataOf(
        api.GET("/api/workflows/{workflow_id}/statistics", {
          params: { path: { workflow_id: id }, query: { since: beginOf(range) } },
          signal,
        }),
      ),
  });
