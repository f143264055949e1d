import type { Workflow } from "@/shared/workflows/queries";

/** Operators run what is published; developers drafts too. */
export function mayRun(workflow: Pick<Workflow, "published_number" | "archived_at">, mayDraw: boolean): boolean {
  return workflow.archived_at === null && (mayDraw || workflow.published_number !== null);
}
