import { understood } from "@/shared/routing/search";

export const TABS = ["graph", "log", "values", "files", "metrics", "events"] as const;
export type Tab = (typeof TABS)[number];

/** What the address of one execution holds: the tab, the chosen node, and the chosen file. */
export interface OneSearch {
  tab?: Tab | undefined;
  node?: string | undefined;
  file?: string | undefined;
}

/** Reads the address; what cannot be understood is undefined. */
export function readOneSearch(given: Record<string, unknown>): OneSearch {
  const tab = TABS.find((name) => name === given.tab);
  const node = typeof given.node === "string" || typeof given.node === "number" ? String(given.node) : "";
  const file = typeof given.file === "string" && given.file !== "" ? given.file : undefined;
  return understood({ tab, node: node === "" ? undefined : node, file });
}
