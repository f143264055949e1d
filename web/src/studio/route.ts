import { createRoute } from "@tanstack/react-router";
import { pagesRoute } from "@/shared/routing/root";
import { versionQuery } from "@/studio/state/opening";
import { understood, countIn, textIn, type RawSearch } from "@/shared/routing/search";
import { lazyPage } from "@/shared/routing/lazyPage";

/** What is opened: an old version to look at (the newest one to be edited without it), and an execution shown on it. */
export interface StudioSearch {
  version?: number | undefined;
  execution?: string | undefined;
}

export const studioRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "studio/$workflowId",
  staticData: { fullScreen: true },
  validateSearch: (search: RawSearch): StudioSearch =>
    understood({ version: countIn(search, "version"), execution: textIn(search, "execution", 36) }),
  loaderDeps: ({ search }) => ({ version: search.version }),
  // Not awaited: the page shows by itself that it waits.
  loader: ({ context, params, deps }) =>
    void context.queryClient.prefetchQuery(versionQuery(params.workflowId, deps.version)),
  component: lazyPage(() => import("./page/StudioPage"), "StudioPage"),
});
