import type { RouteComponent } from "@tanstack/react-router";
import { lazyPart } from "@/shared/ui/lazyPart";

/** The page of a route; the router fetches it before it is drawn. */
export type LazyPage = RouteComponent & { readonly preload: () => Promise<void> };

/**
 * `lazyPart` for the page of a route. What a page takes follows from its route, so the route's type must not follow
 * from the page's.
 */
export function lazyPage(load: () => Promise<unknown>, name: string): LazyPage {
  return lazyPart(load as () => Promise<Record<string, () => null>>, name);
}
