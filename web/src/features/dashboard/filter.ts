import type { Schemas } from "@/shared/api/client";

type Filter = Schemas["ExecutionFilter"];

/**
 * The address of the list of executions that shows exactly what was counted: without sources in the filter all of them,
 * otherwise production, which the list shows by itself.
 */
export function searchOf({ state, workflow_id, runner_id, source, since, until }: Filter) {
  return {
    ...(source ? {} : { source: "all" as const }),
    ...(state && { state }),
    ...(workflow_id && { workflow_id }),
    ...(runner_id && { runner_id }),
    ...(since && { since }),
    ...(until && { until }),
  };
}
