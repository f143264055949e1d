import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { pagesRoute } from "@/shared/routing/root";

export const dashboardRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "/",
  component: lazyRouteComponent(() => import("./DashboardPage"), "DashboardPage"),
});
