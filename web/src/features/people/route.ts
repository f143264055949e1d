import { createRoute } from "@tanstack/react-router";
import { needsRole, pagesRoute } from "@/shared/routing/root";
import { choiceIn, understood, flagIn, type RawSearch, textIn } from "@/shared/routing/search";
import { lazyPage } from "@/shared/routing/lazyPage";

export const usersRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "users",
  beforeLoad: needsRole("ADMIN"),
  validateSearch: (search: RawSearch) =>
    understood({
      text: textIn(search, "text"),
      role: choiceIn(search, "role", ["OPERATOR", "DEVELOPER", "ADMIN"]),
      active: choiceIn(search, "active", ["yes", "no"]),
      cursor: textIn(search, "cursor", 1000),
      /** Opens the dialog for a new user. */
      create: flagIn(search, "create"),
    }),
  component: lazyPage(() => import("./UsersPage"), "UsersPage"),
});
