import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { pagesRoute } from "@/shared/routing/root";

export const executionsRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "executions",
  component: lazyRouteComponent(() => import("./ExecutionsPage"), "ExecutionsPage"),
});

export const executionRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "executions/$executionId",
  component: lazyRouteComponent(() => import("./ExecutionPage"), "ExecutionPage"),
});
