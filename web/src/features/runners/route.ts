import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { pagesRoute } from "@/shared/routing/root";

export const runnersRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "runners",
  component: lazyRouteComponent(() => import("./RunnersPage"), "RunnersPage"),
});

export const runnerRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "runners/$runnerId",
  component: lazyRouteComponent(() => import("./RunnerPage"), "RunnerPage"),
});
