import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needsRole, pagesRoute } from "@/shared/routing/root";

export const usersRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "users",
  beforeLoad: needsRole("ADMIN"),
  component: lazyRouteComponent(() => import("./UsersPage"), "UsersPage"),
});
