import type { RouteComponent } from "@tanstack/react-router";
import { lazyPart } from "@/shared/ui/lazyPart";

/**
 * `lazyPart` for the page of a route. What a page takes follows from its route, so the route's type must not follow
 * from the page's.
 */
export function lazyPage(load: () => Promise<unknown>, name: string): RouteComponent {
  return lazyPart(load as () => Promise<Record<string, () => null>>, name);
}
