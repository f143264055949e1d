import { createRoute } from "@tanstack/react-router";
import { readOneSearch } from "@/features/executions/oneSearch";
import { executionsListing } from "@/features/executions/queries";
import { readSearch } from "@/features/executions/search";
import { atHand } from "@/shared/routing/atHand";
import { lazyPage } from "@/shared/routing/lazyPage";
import { pagesRoute } from "@/shared/routing/root";
import { pageOptions } from "@/shared/ui/pagedList";

export const executionsRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "executions",
  validateSearch: readSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => atHand(context.queryClient, pageOptions(executionsListing(deps), deps.cursor)),
  component: lazyPage(() => import("./list/ExecutionsPage"), "ExecutionsPage"),
});

export const executionRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "executions/$executionId",
  validateSearch: readOneSearch,
  component: lazyPage(() => import("./one/ExecutionPage"), "ExecutionPage"),
});
