import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needsRole, pagesRoute } from "@/shared/routing/root";

export const systemRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "system",
  beforeLoad: needsRole("ADMIN"),
  component: lazyRouteComponent(() => import("./SystemPage"), "SystemPage"),
});
