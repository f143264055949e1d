import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { setLocale } from "@/shared/format/locale";
import { setTimeZone } from "@/shared/format/time";

export type Preferences = Schemas["Preferences"];

const NONE: Preferences = { theme: "system", time_zone: null, locale: null, favourites: [], recents: [] };

/** What the user who is signed in wants everywhere: theme, time zone, language, Studio's favourites. */
export const preferencesQuery = queryOptions({
  queryKey: ["preferences"],
  staleTime: Infinity,
  queryFn: ({ signal }) => dataOf(api.GET("/api/account/preferences", { signal })),
});

/** Reads the preferences once and lets all pages follow them. Without them, pages go on as usual. */
export async function applyPreferences(queries: QueryClient): Promise<void> {
  const preferences = await queries.ensureQueryData(preferencesQuery).catch(() => NONE);
  apply(preferences);
}

/** Changes some preferences; the others stay as the Hub has them. */
export async function changePreferences(queries: QueryClient, change: Partial<Preferences>): Promise<void> {
  const present = await dataOf(api.GET("/api/account/preferences"));
  const body = { ...present, ...change };
  await api.PUT("/api/account/preferences", { body });
  queries.setQueryData(preferencesQuery.queryKey, body);
  apply(body);
}

function apply(preferences: Preferences): void {
  setTimeZone(preferences.time_zone ?? undefined);
  setLocale(preferences.locale ?? undefined);
}
