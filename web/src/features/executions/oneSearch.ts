import { understood } from "@/shared/routing/search";

export const TABS = ["graph", "log", "values", "metrics", "events"] as const;
export type Tab = (typeof TABS)[number];

/** What the address of one execution holds: the tab and the chosen node. */
export interface OneSearch {
  tab?: Tab | undefined;
  node?: string | undefined;
}

/** Reads the address; what cannot be understood is undefined. */
export function readOneSearch(given: Record<string, unknown>): OneSearch {
  const tab = TABS.find((name) => name === given.tab);
  const node = typeof given.node === "string" || typeof given.node === "number" ? String(given.node) : "";
  return understood({ tab, node: node === "" ? undefined : node });
}
