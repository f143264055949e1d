import { queryOptions } from "@tanstack/react-query";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import type { Listing } from "@/shared/ui/pagedList";

export type Trigger = Schemas["Trigger"];
export type TriggerDraft = Schemas["TriggerDraft"];
export type Firing = Schemas["Firing"];

/** All triggers, by name: there is one page of them. */
export const triggersListing: Listing<Trigger> = {
  queryKey: ["triggers", "all"],
  fetchPage: async (_cursor, signal) => ({ items: await dataOf(api.GET("/api/triggers", { signal })) }),
};

/** What came of a trigger lately. */
export const firingsQuery = (id: string) =>
  queryOptions({
    queryKey: ["triggers", id, "firings"],
    queryFn: ({ signal }) =>
      dataOf(
        api.GET("/api/triggers/{trigger_id}/firings", {
          params: { path: { trigger_id: id }, query: { limit: 50 } },
          signal,
        }),
      ),
  });

/** A trigger as it is sent to change it. */
export function draftOf(trigger: Trigger): TriggerDraft {
  const { name, enabled, schedule, webhook, overlap, inputs, priority, runner, runner_type, labels, timeout } = trigger;
  const workflow = trigger.workflow_id;
  return {
    name,
    workflow,
    enabled,
    schedule,
    webhook,
    overlap,
    inputs,
    priority,
    runner,
    runner_type,
    labels,
    timeout,
  };
}
