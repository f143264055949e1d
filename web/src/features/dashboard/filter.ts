import type { Schemas } from "@/shared/api/client";

type Filter = Schemas["ExecutionFilter"];

/** The address of the list of executions that shows exactly what was counted. */
export function searchOf({ state, workflow_id, runner_id, since, until }: Filter) {
  return {
    ...(state && { state }),
    ...(workflow_id && { workflow_id }),
    ...(runner_id && { runner_id }),
    ...(since && { since }),
    ...(until && { until }),
  };
}
