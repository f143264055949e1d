import { lazy } from "react";
import { patiently } from "@/shared/api/patiently";

/** As React's `lazy`: fetched when it is first drawn. While the Hub is away that waits, and the page stays. */
export const lazyPart: typeof lazy = (load) => lazy(() => patiently(load));
