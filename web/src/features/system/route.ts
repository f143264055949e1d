import { createRoute } from "@tanstack/react-router";
import { pagesRoute } from "@/shared/routing/root";
import { forAdministrators } from "@/shared/routing/forAdministrators";
import { lazyPage } from "@/shared/routing/lazyPage";

export const systemRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "system",
  component: forAdministrators(lazyPage(() => import("./SystemPage"), "SystemPage")),
});
