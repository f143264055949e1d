import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { pagesRoute } from "@/shared/routing/root";

export const accountRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "account",
  component: lazyRouteComponent(() => import("./AccountPage"), "AccountPage"),
});
