import { queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "@/shared/api/client";
import { workflowKey } from "@/shared/workflows/queries";

const FRESH_MILLISECONDS = 2_000;

/** A workflow with one of its versions, the newest one without a number: asked for while Studio itself is loaded. */
export const versionQuery = (workflowId: string, wanted: number | undefined) =>
  queryOptions({
    queryKey: [...workflowKey(workflowId), "opened", wanted ?? "newest"],
    staleTime: FRESH_MILLISECONDS,
    gcTime: FRESH_MILLISECONDS,
    structuralSharing: false,
    queryFn: async () => {
      const path = { workflow_id: workflowId };
      const workflow = await dataOf(api.GET("/api/workflows/{workflow_id}", { params: { path } }));
      const number = wanted ?? workflow.latest_number;
      const version = await dataOf(
        api.GET("/api/workflows/{workflow_id}/versions/{number}", { params: { path: { ...path, number } } }),
      );
      return { workflow, version };
    },
  });
