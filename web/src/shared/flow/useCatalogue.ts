import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { api, dataOf } from "@/shared/api/client";
import { readCatalogue, type Catalogue } from "@/shared/flow/catalogue";

const FRESH_MILLISECONDS = 60_000;

/** All kinds of nodes that this Hub knows. */
export const catalogueQuery = queryOptions({
  queryKey: ["activities"],
  staleTime: FRESH_MILLISECONDS,
  queryFn: async () => readCatalogue(await dataOf(api.GET("/api/activities"))),
  structuralSharing: false,
});

/** All kinds of nodes that this Hub knows; suspends until they are there. */
export function useCatalogue(): Catalogue {
  return useSuspenseQuery(catalogueQuery).data;
}
