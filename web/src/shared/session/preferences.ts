import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { setTimeZone } from "@/shared/format/time";

export type Preferences = Schemas["Preferences"];

const NONE: Preferences = { theme: "system", time_zone: null, favourites: [], recents: [] };

/** What the user who is signed in wants everywhere: theme, time zone, Studio's favourites. */
export const preferencesQuery = queryOptions({
  queryKey: ["preferences"],
  staleTime: Infinity,
  queryFn: ({ signal }) => dataOf(api.GET("/api/account/preferences", { signal })),
});

/** Reads the preferences once and shows moments in the chosen time zone. Without them, pages go on as usual. */
export async function applyPreferences(queries: QueryClient): Promise<void> {
  const preferences = await queries.ensureQueryData(preferencesQuery).catch(() => NONE);
  setTimeZone(preferences.time_zone ?? undefined);
}

/** Changes some preferences; the others stay as the Hub has them. */
export async function changePreferences(queries: QueryClient, change: Partial<Preferences>): Promise<void> {
  const present = await dataOf(api.GET("/api/account/preferences"));
  const body = { ...present, ...change };
  await api.PUT("/api/account/preferences", { body });
  queries.setQueryData(preferencesQuery.queryKey, body);
  setTimeZone(body.time_zone ?? undefined);
}
