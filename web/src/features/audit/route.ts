import { createRoute } from "@tanstack/react-router";
import { isRange } from "@/shared/format/ranges";
import { pagesRoute } from "@/shared/routing/root";
import { understood, type RawSearch, textIn } from "@/shared/routing/search";
import { forAdministrators } from "@/shared/routing/forAdministrators";
import { lazyPage } from "@/shared/routing/lazyPage";

export const auditRoute = createRoute({
  getParentRoute: () => pagesRoute,
  path: "audit",
  validateSearch: (search: RawSearch) =>
    understood({
      text: textIn(search, "text"),
      action: textIn(search, "action", 100),
      actor_id: textIn(search, "actor_id", 100),
      resource_id: textIn(search, "resource_id"),
      range: isRange(search.range) ? search.range : undefined,
      /** Days in the chosen time zone, as `2026-11-20`. */
      from: dayIn(search, "from"),
      to: dayIn(search, "to"),
      entry: textIn(search, "entry", 100),
      cursor: textIn(search, "cursor", 1000),
    }),
  component: forAdministrators(lazyPage(() => import("./AuditPage"), "AuditPage")),
});

function dayIn(search: RawSearch, name: string): string | undefined {
  const value = textIn(search, name, 10);
  return value !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;
}
