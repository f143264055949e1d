import { createRoute } from "@tanstack/react-router";
import { figuresQuery, USUAL } from "@/features/dashboard/queries";
import { isRange, type Range } from "@/shared/format/ranges";
import { atHand } from "@/shared/routing/atHand";
import { lazyPage } from "@/shared/routing/lazyPage";
import { pagesRoute } from "@/shared/routing/root";
import { type RawSearch, understood } from "@/shared/routing/search";

export const dashboardRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "/",
  validateSearch: (given: RawSearch): { range?: Range | undefined } =>
    understood({ range: isRange(given.range) ? given.range : undefined }),
  loaderDeps: ({ search }) => ({ range: search.range ?? USUAL }),
  loader: ({ context, deps }) => atHand(context.queryClient, figuresQuery(deps.range)),
  component: lazyPage(() => import("./DashboardPage"), "DashboardPage"),
});
