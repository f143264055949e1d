import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { isRange, type Range } from "@/shared/format/ranges";
import { pagesRoute } from "@/shared/routing/root";

export const dashboardRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "/",
  validateSearch: (given: Record<string, unknown>): { range?: Range } =>
    isRange(given.range) ? { range: given.range } : {},
  component: lazyRouteComponent(() => import("./DashboardPage"), "DashboardPage"),
});
