import type { QueryClient } from "@tanstack/react-query";
import { workflowKey } from "@/features/workflows/queries";

/** Reads again what is shown of a workflow, and the lists that it stands in. */
export async function refreshWorkflow(queries: QueryClient, id: string): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: workflowKey(id) }),
    queries.invalidateQueries({ queryKey: ["workflows"] }),
  ]);
}
