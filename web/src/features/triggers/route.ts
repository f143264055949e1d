import { createRoute } from "@tanstack/react-router";
import { triggersListing } from "@/features/triggers/queries";
import { atHand } from "@/shared/routing/atHand";
import { lazyPage } from "@/shared/routing/lazyPage";
import { pagesRoute } from "@/shared/routing/root";
import { flagIn, type RawSearch, textIn, understood } from "@/shared/routing/search";
import { pageOptions } from "@/shared/ui/pagedList";

export const triggersRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "triggers",
  validateSearch: (search: RawSearch) =>
    understood({
      /** The trigger whose history is open. */
      trigger: textIn(search, "trigger", 100),
      /** Opens the dialog to make one. */
      create: flagIn(search, "create"),
    }),
  loader: ({ context }) => atHand(context.queryClient, pageOptions(triggersListing, undefined)),
  component: lazyPage(() => import("./TriggersPage"), "TriggersPage"),
});
