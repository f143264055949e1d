import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { pagesRoute } from "@/shared/routing/root";

export const studioRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "studio/$workflowId",
  staticData: { fullScreen: true },
  component: lazyRouteComponent(() => import("./page/StudioPage"), "StudioPage"),
});
