import { createRoute } from "@tanstack/react-router";
import { pagesRoute } from "@/shared/routing/root";
import { choiceIn, understood, flagIn, type RawSearch, textIn } from "@/shared/routing/search";
import { forAdministrators } from "@/shared/routing/forAdministrators";
import { lazyPage } from "@/shared/routing/lazyPage";

export const usersRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "users",
  validateSearch: (search: RawSearch) =>
    understood({
      text: textIn(search, "text"),
      role: choiceIn(search, "role", ["OPERATOR", "DEVELOPER", "ADMIN"]),
      active: choiceIn(search, "active", ["yes", "no"]),
      cursor: textIn(search, "cursor", 1000),
      /** Opens the dialog for a new user. */
      create: flagIn(search, "create"),
    }),
  component: forAdministrators(lazyPage(() => import("./UsersPage"), "UsersPage")),
});
