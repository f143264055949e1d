import { createRoute } from "@tanstack/react-router";
import { pagesRoute } from "@/shared/routing/root";
import { lazyPage } from "@/shared/routing/lazyPage";

export const accountRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "account",
  component: lazyPage(() => import("./AccountPage"), "AccountPage"),
});
