import { createRoute } from "@tanstack/react-router";
import { pagesRoute } from "@/shared/routing/root";
import { forAdministrators } from "@/shared/routing/forAdministrators";
import { lazyPage } from "@/shared/routing/lazyPage";

export const storageRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "storage",
  component: forAdministrators(lazyPage(() => import("./StoragePage"), "StoragePage")),
});
