import { createRoute, createRouter, type RouteComponent, type RouteIds } from "@tanstack/react-router";
import { Shell } from "@/app/Shell";
import { NotFoundPage } from "@/app/NotFoundPage";
import { accountRoute } from "@/features/account/route";
import { auditRoute } from "@/features/audit/route";
import { dashboardRoute } from "@/features/dashboard/route";
import { executionRoute, executionsRoute } from "@/features/executions/route";
import { usersRoute } from "@/features/people/route";
import { runnerRoute, runnersRoute } from "@/features/runners/route";
import { firstAdminRoute, signInRoute } from "@/features/session/route";
import { storageRoute } from "@/features/storage/route";
import { systemRoute } from "@/features/system/route";
import { triggersRoute } from "@/features/triggers/route";
import { workflowDiffRoute, workflowRoute, workflowsRoute } from "@/features/workflows/route";
import { queryClient } from "@/shared/api/queries";
import { pagesRoute, rootRoute } from "@/shared/routing/root";
import { sessionQuery } from "@/shared/session/session";
import { LoadingPage } from "@/shared/ui/LoadingPage";
import { ErrorPage } from "@/shared/ui/ErrorPage";
import { studioRoute } from "@/studio/route";

/** Inside the frame, so that the way on is in sight. */
const nowhereRoute = createRoute({ getParentRoute: () => pagesRoute, path: "$", component: NotFoundPage });

// A new page is a feature folder with a route, and a line here.
const pages = [
  dashboardRoute,
  workflowsRoute,
  workflowRoute,
  workflowDiffRoute,
  executionsRoute,
  executionRoute,
  triggersRoute,
  runnersRoute,
  runnerRoute,
  usersRoute,
  auditRoute,
  storageRoute,
  systemRoute,
  accountRoute,
  studioRoute,
  nowhereRoute,
] as const;

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    firstAdminRoute,
    pagesRoute.update({ component: Shell }).addChildren(pages),
  ]),
  context: { queryClient },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultPendingComponent: LoadingPage,
  defaultErrorComponent: ErrorPage,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
});

/** Asks who is signed in, and beside it for the code of the page that is opened: it would come only after that. */
export function fetchOpenedPage(): void {
  void queryClient.prefetchQuery(sessionQuery);
  const opened: { routeId: RouteIds<typeof router.routeTree> }[] = router.matchRoutes(router.latestLocation);
  for (const { routeId } of opened) {
    const { component }: { component?: RouteComponent | undefined } = router.routesById[routeId].options;
    void component?.preload?.();
  }
}

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
