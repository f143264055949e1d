import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { pagesRoute } from "@/shared/routing/root";

export const workflowsRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "workflows",
  component: lazyRouteComponent(() => import("./WorkflowsPage"), "WorkflowsPage"),
});

export const workflowRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "workflows/$workflowId",
  component: lazyRouteComponent(() => import("./WorkflowPage"), "WorkflowPage"),
});

export const workflowDiffRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "workflows/$workflowId/compare",
  component: lazyRouteComponent(() => import("./WorkflowDiffPage"), "WorkflowDiffPage"),
});
