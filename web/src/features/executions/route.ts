import { createRoute } from "@tanstack/react-router";
import { readOneSearch } from "@/features/executions/oneSearch";
import { readSearch } from "@/features/executions/search";
import { pagesRoute } from "@/shared/routing/root";
import { lazyPage } from "@/shared/routing/lazyPage";

export const executionsRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "executions",
  validateSearch: readSearch,
  component: lazyPage(() => import("./list/ExecutionsPage"), "ExecutionsPage"),
});

export const executionRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "executions/$executionId",
  validateSearch: readOneSearch,
  component: lazyPage(() => import("./one/ExecutionPage"), "ExecutionPage"),
});
