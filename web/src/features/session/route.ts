import { createRoute, redirect } from "@tanstack/react-router";
import { api, dataOf } from "@/shared/api/client";
import { rootRoute } from "@/shared/routing/root";
import { lazyPage } from "@/shared/routing/lazyPage";

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "sign-in",
  validateSearch: (search: Record<string, unknown>): { next?: string | undefined } => ({
    next: typeof search.next === "string" ? search.next : undefined,
  }),
  beforeLoad: async () => {
    if ((await dataOf(api.GET("/api/bootstrap"))).needed) throw redirect({ to: "/first-admin" });
  },
  component: lazyPage(() => import("./SignInPage"), "SignInPage"),
});

export const firstAdminRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "first-admin",
  beforeLoad: async () => {
    if (!(await dataOf(api.GET("/api/bootstrap"))).needed) throw redirect({ to: "/sign-in" });
  },
  component: lazyPage(() => import("./FirstAdminPage"), "FirstAdminPage"),
});
