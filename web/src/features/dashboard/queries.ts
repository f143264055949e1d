import { queryOptions } from "@tanstack/react-query";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { beginOf, type Range } from "@/shared/format/ranges";
import { timeZone } from "@/shared/format/time";

export type Dashboard = Schemas["Dashboard"];

/** All figures of the page hang on this key. */
export const DASHBOARD = ["dashboard"] as const;

/** The period where the address names none. */
export const USUAL: Range = "24h";

const SLOW_MILLISECONDS = 30_000;

/** How the platform does in a period up to now. */
export function figuresQuery(range: Range) {
  return queryOptions({
    queryKey: [...DASHBOARD, "figures", range],
    queryFn: ({ signal }) => {
      const query = { since: beginOf(range), time_zone: timeZone() };
      return dataOf(api.GET("/api/analytics/dashboard", { params: { query }, signal }));
    },
    // Runners come and go, and time passes, without any execution's change.
    refetchInterval: SLOW_MILLISECONDS,
  });
}

/** What the Runners did in the same period. */
export function timelineQuery(range: Range) {
  return queryOptions({
    queryKey: [...DASHBOARD, "timeline", range],
    queryFn: ({ signal }) =>
      dataOf(
        api.GET("/api/analytics/runner-timeline", { params: { query: { since: beginOf(range), limit: 50 } }, signal }),
      ),
    refetchInterval: SLOW_MILLISECONDS,
  });
}
