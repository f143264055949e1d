import { createRoute } from "@tanstack/react-router";
import { runnersListing } from "@/features/runners/queries";
import { atHand } from "@/shared/routing/atHand";
import { lazyPage } from "@/shared/routing/lazyPage";
import { pagesRoute } from "@/shared/routing/root";
import { choiceIn, understood, flagIn, type RawSearch, textIn } from "@/shared/routing/search";
import { pageOptions } from "@/shared/ui/pagedList";

export const runnersRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "runners",
  validateSearch: (search: RawSearch) =>
    understood({
      text: textIn(search, "text", 100),
      state: choiceIn(search, "state", ["ONLINE", "BUSY", "OFFLINE"]),
      type: choiceIn(search, "type", ["ATTENDED", "UNATTENDED"]),
      label: textIn(search, "label", 100),
      cursor: textIn(search, "cursor", 1000),
      /** Opens the dialog to register one. */
      register: flagIn(search, "register"),
    }),
  loaderDeps: ({ search }) => ({ ...search, register: undefined }),
  loader: ({ context, deps: { cursor, ...filters } }) =>
    atHand(context.queryClient, pageOptions(runnersListing(filters), cursor)),
  component: lazyPage(() => import("./list/RunnersPage"), "RunnersPage"),
});

export const runnerRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "runners/$runnerId",
  validateSearch: (search: RawSearch) => understood({ period: choiceIn(search, "period", ["1h", "6h", "24h"]) }),
  component: lazyPage(() => import("./one/RunnerPage"), "RunnerPage"),
});
