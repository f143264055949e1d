import { linkOptions } from "@tanstack/react-router";

/** The page of an execution. */
export const executionPage = (executionId: string) =>
  linkOptions({ to: "/executions/$executionId", params: { executionId } });

/** All executions of a workflow, whatever started them. */
export const executionsOfWorkflow = (workflowId: string) =>
  linkOptions({ to: "/executions", search: { workflow_id: workflowId, source: "all" } });

/** All executions on a Runner. */
export const executionsOnRunner = (runnerId: string) =>
  linkOptions({ to: "/executions", search: { runner_id: runnerId, source: "all" } });
