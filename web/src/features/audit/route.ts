import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needsRole, pagesRoute } from "@/shared/routing/root";

export const auditRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "audit",
  beforeLoad: needsRole("ADMIN"),
  component: lazyRouteComponent(() => import("./AuditPage"), "AuditPage"),
});
