import { beginOf, isRange, type Range } from "@/shared/format/ranges";
import { understood } from "@/shared/routing/search";
import type { ExecutionState } from "@/shared/ui/StateBadge";

/** What the address of the list of executions holds; named as the Hub's API names it. */
export interface ExecutionsSearch {
  state?: ExecutionState[] | undefined;
  workflow_id?: string | undefined;
  workflow_tag?: string | undefined;
  runner_id?: string | undefined;
  text?: string | undefined;
  /** Without one: production, which is all but runs from Studio. */
  source?: Source | "all" | undefined;
  interactive?: true | undefined;
  debug?: true | undefined;
  /** The user who started it. */
  created_by?: string | undefined;
  /** A period up to now, instead of `since` and `until`. */
  range?: Range | undefined;
  since?: string | undefined;
  until?: string | undefined;
  cursor?: string | undefined;
}

/** What starts executions. */
export const SOURCES = ["manual", "schedule", "webhook", "studio"] as const;
export type Source = (typeof SOURCES)[number];

/** The sources that a list shows; undefined for all of them. Debug sessions and interactive runs are shown whatever. */
export function sourcesOf({ source, interactive, debug }: ExecutionsSearch): Source[] | undefined {
  if (source === "all") return undefined;
  if (source !== undefined) return [source];
  return interactive || debug ? undefined : SOURCES.filter((one) => one !== "studio");
}

/** In the order of an execution's life. */
export const STATES: readonly ExecutionState[] = ["QUEUED", "ASSIGNED", "RUNNING", "COMPLETED", "FAILED", "STOPPED"];
export const ACTIVE: readonly ExecutionState[] = ["QUEUED", "ASSIGNED", "RUNNING"];

/** Whether an execution has not ended. */
export function isActive(state: ExecutionState): boolean {
  return ACTIVE.includes(state);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) || undefined : undefined;
}

function momentOf(value: unknown): string | undefined {
  if (typeof value !== "string" || Number.isNaN(Date.parse(value))) return undefined;
  return new Date(value).toISOString();
}

/** Reads the address; what cannot be understood is undefined. */
export function readSearch(given: Record<string, unknown>): ExecutionsSearch {
  const wanted = [given.state].flat();
  const states = STATES.filter((state) => wanted.includes(state));
  return understood({
    state: states.length > 0 ? states : undefined,
    workflow_id: textOf(given.workflow_id),
    workflow_tag: textOf(given.workflow_tag),
    runner_id: textOf(given.runner_id),
    text: textOf(given.text),
    source: ([...SOURCES, "all"] as const).find((source) => source === given.source),
    interactive: given.interactive === true ? true : undefined,
    debug: given.debug === true ? true : undefined,
    created_by: textOf(given.created_by),
    range: isRange(given.range) ? given.range : undefined,
    since: isRange(given.range) ? undefined : momentOf(given.since),
    until: isRange(given.range) ? undefined : momentOf(given.until),
    cursor: textOf(given.cursor),
  });
}

function withoutGaps(search: ExecutionsSearch): ExecutionsSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

/** The filters alone, without the page. */
export function filtersOf(search: ExecutionsSearch): ExecutionsSearch {
  return withoutGaps({ ...search, cursor: undefined });
}

/** The same as parameters of the Hub's list and counts. */
export function parametersOf(search: ExecutionsSearch): {
  [Name in keyof Omit<ExecutionsSearch, "source">]: NonNullable<ExecutionsSearch[Name]>;
} & { source?: Source[] } {
  const since = search.range === undefined ? search.since : beginOf(search.range);
  const given = withoutGaps({ ...search, since, source: undefined, range: undefined, cursor: undefined });
  const source = sourcesOf(search);
  return { ...given, ...(source && { source }) } as ReturnType<typeof parametersOf>;
}

/** Whether anything is filtered, apart from the state. */
export function isFiltered(search: ExecutionsSearch): boolean {
  return Object.keys(withoutGaps({ ...search, cursor: undefined, state: undefined })).length > 0;
}
