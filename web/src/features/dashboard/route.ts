import { createRoute } from "@tanstack/react-router";
import { isRange, type Range } from "@/shared/format/ranges";
import { pagesRoute } from "@/shared/routing/root";
import { type RawSearch, understood } from "@/shared/routing/search";
import { lazyPage } from "@/shared/routing/lazyPage";

export const dashboardRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "/",
  validateSearch: (given: RawSearch): { range?: Range | undefined } =>
    understood({ range: isRange(given.range) ? given.range : undefined }),
  component: lazyPage(() => import("./DashboardPage"), "DashboardPage"),
});
