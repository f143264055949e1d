import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readOneSearch } from "@/features/executions/oneSearch";
import { readSearch } from "@/features/executions/search";
import { pagesRoute } from "@/shared/routing/root";

export const executionsRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "executions",
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import("./list/ExecutionsPage"), "ExecutionsPage"),
});

export const executionRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "executions/$executionId",
  validateSearch: readOneSearch,
  component: lazyRouteComponent(() => import("./one/ExecutionPage"), "ExecutionPage"),
});
