import { api, dataOf, type Schemas } from "@/shared/api/client";
import { given } from "@/shared/api/given";
import type { Listing } from "@/shared/ui/pagedList";
import { RUNNERS } from "@/shared/runners/queries";

/** The filters of the list, as its address holds them. */
export interface RunnersSearch {
  text?: string | undefined;
  state?: "ONLINE" | "BUSY" | "OFFLINE" | undefined;
  type?: "ATTENDED" | "UNATTENDED" | undefined;
  label?: string | undefined;
}

/** The list of Runners. */
export function runnersListing(filters: RunnersSearch): Listing<Schemas["RunnerAnswer"]> {
  return {
    queryKey: [...RUNNERS, filters],
    fetchPage: (cursor, signal) =>
      dataOf(api.GET("/api/runners", { params: { query: given({ ...filters, limit: 50, cursor }) }, signal })),
  };
}
