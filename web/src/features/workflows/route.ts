import { createRoute } from "@tanstack/react-router";
import { SORTS, workflowsListing } from "@/features/workflows/queries";
import { atHand } from "@/shared/routing/atHand";
import { lazyPage } from "@/shared/routing/lazyPage";
import { pagesRoute } from "@/shared/routing/root";
import { choiceIn, understood, countIn, flagIn, type RawSearch, textIn, textsIn } from "@/shared/routing/search";
import { pageOptions } from "@/shared/ui/pagedList";

/** The tabs of one workflow. */
export const TABS = ["overview", "versions", "files", "executions", "statistics", "settings"] as const;

export const workflowsRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "workflows",
  validateSearch: (search: RawSearch) =>
    understood({
      text: textIn(search, "text"),
      tag: textsIn(search, "tag"),
      state: choiceIn(search, "state", ["published", "unpublished", "draft"]),
      archived: flagIn(search, "archived"),
      sort: choiceIn(search, "sort", SORTS),
      cursor: textIn(search, "cursor", 1000),
      /** Opens the dialog for a new workflow. */
      create: flagIn(search, "create"),
    }),
  loaderDeps: ({ search }) => ({ ...search, create: undefined }),
  loader: ({ context, deps: { cursor, ...search } }) =>
    atHand(context.queryClient, pageOptions(workflowsListing(search), cursor)),
  component: lazyPage(() => import("./list/WorkflowsPage"), "WorkflowsPage"),
});

export const workflowRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "workflows/$workflowId",
  validateSearch: (search: RawSearch) =>
    understood({
      tab: choiceIn(search, "tab", TABS),
      cursor: textIn(search, "cursor", 1000),
      range: choiceIn(search, "range", ["24h", "7d", "30d"]),
      state: choiceIn(search, "state", ["QUEUED", "ASSIGNED", "RUNNING", "COMPLETED", "FAILED", "STOPPED"]),
    }),
  component: lazyPage(() => import("./one/WorkflowPage"), "WorkflowPage"),
});

export const workflowDiffRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "workflows/$workflowId/compare",
  validateSearch: (search: RawSearch) =>
    understood({
      from: countIn(search, "from"),
      to: countIn(search, "to"),
      view: choiceIn(search, "view", ["picture", "text"]),
      node: textIn(search, "node"),
      /** The file whose lines are compared. */
      file: textIn(search, "file"),
    }),
  component: lazyPage(() => import("./compare/ComparePage"), "ComparePage"),
});
