import { queryOptions } from "@tanstack/react-query";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { given } from "@/shared/api/given";
import { beginOf, type Range } from "@/shared/format/ranges";
import { momentOfWall } from "@/shared/format/time";

export type Entry = Schemas["AuditEntry"];

/** The filters of the log, as its address holds them. */
export interface Filters {
  text?: string | undefined;
  action?: string | undefined;
  actor_id?: string | undefined;
  resource_id?: string | undefined;
  range?: Range | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** The filters as the Hub takes them. */
export function parametersOf({ range, from, to, ...others }: Filters) {
  const since = range !== undefined ? beginOf(range) : from === undefined ? undefined : dayBegins(from);
  const until = range !== undefined || to === undefined ? undefined : dayBegins(to, 1);
  return given({ ...others, since, until });
}

/** The moment at which a day, or the one `later` days after it, begins in the chosen time zone. */
function dayBegins(day: string, later = 0): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + later);
  return momentOfWall(`${date.toISOString().slice(0, 10)} 00:00:00`).toISOString();
}

/** The address of the file with all entries that fit. */
export function exportAddress(filters: Filters, format: "csv" | "jsonl"): string {
  return `/api/audit/export?${new URLSearchParams({ ...parametersOf(filters), format }).toString()}`;
}

/** All actions that are in the log. */
export const actionsQuery = queryOptions({
  queryKey: ["audit", "actions"],
  queryFn: ({ signal }) => dataOf(api.GET("/api/audit/actions", { signal })),
});
