import { type ComponentType, lazy, type LazyExoticComponent } from "react";
import { patiently } from "@/shared/api/patiently";

/** A component that is fetched when it is first drawn; while the Hub is away that waits, and the page stays. */
export function lazyPart<Component extends ComponentType<never>>(
  load: () => Promise<{ default: Component }>,
): LazyExoticComponent<Component> {
  return lazy(() => patiently(load));
}
