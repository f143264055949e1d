import { createRoute } from "@tanstack/react-router";
import { needsRole, pagesRoute } from "@/shared/routing/root";
import { lazyPage } from "@/shared/routing/lazyPage";

export const systemRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "system",
  beforeLoad: needsRole("ADMIN"),
  component: lazyPage(() => import("./SystemPage"), "SystemPage"),
});
