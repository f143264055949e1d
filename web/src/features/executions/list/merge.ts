import type { Execution } from "@/features/executions/queries";
import { type ExecutionsSearch, sourcesOf } from "@/features/executions/search";
import type { ExecutionChange } from "@/shared/live/executionChanges";
import type { ListPage } from "@/shared/ui/pagedList";

/** A page with the changed rows; the same page when none of them is on it. */
export function mergeInto(
  page: ListPage<Execution>,
  changes: ReadonlyMap<string, ExecutionChange>,
): ListPage<Execution> {
  if (!page.items.some((row) => changes.has(row.id))) return page;
  return {
    ...page,
    items: page.items.map((row) => {
      const change = changes.get(row.id);
      return change === undefined ? row : { ...row, ...change };
    }),
  };
}

/** Whether an execution belongs to a list, as far as its change tells. */
export function fits(change: ExecutionChange, search: ExecutionsSearch): boolean {
  if (search.state !== undefined && !search.state.includes(change.state)) return false;
  if (search.workflow_id !== undefined && change.workflow_id !== search.workflow_id) return false;
  if (search.runner_id !== undefined && change.runner_id !== search.runner_id) return false;
  const sources = sourcesOf(search);
  if (sources !== undefined && !sources.some((source) => source === change.source)) return false;
  if (search.interactive !== undefined && change.interactive !== search.interactive) return false;
  if (search.debug !== undefined && change.debug !== search.debug) return false;
  if (search.created_by !== undefined && change.created_by !== search.created_by) return false;
  if (search.until !== undefined && (change.created_at ?? "") >= search.until) return false;
  if (search.text === undefined) return true;
  return (change.workflow_name ?? "").toLowerCase().includes(search.text.toLowerCase());
}
