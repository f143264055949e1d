import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { RUNNERS } from "@/shared/runners/queries";

export type Runner = Schemas["RunnerDetail"];

/** One Runner with what it does, did and lacks. */
export const runnerQuery = (id: string) =>
  queryOptions({
    queryKey: [...RUNNERS, id, "itself"],
    queryFn: ({ signal }) =>
      dataOf(api.GET("/api/runners/{runner_id}", { params: { path: { runner_id: id } }, signal })),
  });

/** The periods for which heartbeats are shown, in hours. */
export const PERIODS = { "1h": 1, "6h": 6, "24h": 24 } as const;
export type Period = keyof typeof PERIODS;

const HOUR_MILLISECONDS = 3_600_000;

/** What the Runner's machine did in the period up to now. */
export const metricsQuery = (id: string, period: Period) =>
  queryOptions({
    queryKey: [...RUNNERS, id, "metrics", period],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const since = new Date(Date.now() - PERIODS[period] * HOUR_MILLISECONDS).toISOString();
      const params = { path: { runner_id: id }, query: { since } };
      return dataOf(api.GET("/api/runners/{runner_id}/metrics", { params, signal }));
    },
  });
