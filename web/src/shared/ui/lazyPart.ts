import { type FunctionComponent, lazy, type LazyExoticComponent } from "react";
import { patiently } from "@/shared/api/patiently";

/** A component that is fetched when it is first drawn; while the Hub is away that waits, and the page stays. */
export function lazyPart<Props>(
  load: () => Promise<{ default: FunctionComponent<Props> }>,
): LazyExoticComponent<FunctionComponent<Props>> {
  return lazy<FunctionComponent<Props>>(() => patiently(load));
}
