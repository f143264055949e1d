import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, redirect } from "@tanstack/react-router";
import { applyPreferences } from "@/shared/session/preferences";
import { sessionQuery } from "@/shared/session/session";

/** What every route's loader gets. */
export interface RouteContext {
  queryClient: QueryClient;
}

/** The root of all addresses. */
export const rootRoute = createRootRouteWithContext<RouteContext>()();

/** Above all pages behind the sign-in; the app gives it the frame with the navigation. */
export const pagesRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "pages",
  beforeLoad: async ({ context, location }) => {
    const user = await context.queryClient.ensureQueryData(sessionQuery);
    if (user === null) throw redirect({ href: `/sign-in?next=${encodeURIComponent(location.href)}` });
    await applyPreferences(context.queryClient);
  },
});
