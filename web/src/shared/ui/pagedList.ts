import {
  keepPreviousData,
  type QueryKey,
  queryOptions,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useEffect } from "react";

/** One page of a list, as all of the Hub's lists answer. */
export interface ListPage<Row> {
  items: Row[];
  next_cursor?: string | null;
  /** Of a list that is searched a stretch at a time: what is older has not been looked at yet. */
  searched_back_to?: string | null;
}

/** A page of a list with the way to its neighbours. */
export interface PagedList<Row> {
  query: UseQueryResult<ListPage<Row>>;
  rows: readonly Row[];
  /** Whether the rows are still those of the page before. */
  isStale: boolean;
  cursor: string | undefined;
  nextCursor: string | null;
}

/** A list with its filters: `queryKey` names it, `fetchPage` asks for a page; the first one without a cursor. */
export interface Listing<Row> {
  queryKey: QueryKey;
  fetchPage: (cursor: string | undefined, signal: AbortSignal) => Promise<ListPage<Row>>;
}

const MOST_REMEMBERED = 500;

/** From where one came to a page: the Hub's cursors lead on only. "" is the first page. */
const before = new Map<string, string>();

/** Remembers the way, so that "Previous" finds back. */
export function rememberWay(from: string | undefined, to: string): void {
  if (before.size >= MOST_REMEMBERED) before.clear();
  before.set(to, from ?? "");
}

/** The cursor of the page before; undefined when one did not come from there in this tab (then only the first is known). */
export function wayBack(cursor: string): string | undefined {
  return before.get(cursor);
}

/** How one page of a list is asked for. */
export function pageOptions<Row>({ queryKey, fetchPage }: Listing<Row>, cursor: string | undefined) {
  return queryOptions({
    queryKey: [...queryKey, { cursor: cursor ?? null }],
    queryFn: ({ signal }) => fetchPage(cursor, signal),
  });
}

/**
 * Reads a page of a list, and the next one ahead of time, so that it is there when it is asked for.
 *
 * `cursor` comes from the address.
 */
export function usePagedList<Row>({
  cursor,
  prefetch = true,
  ...listing
}: Listing<Row> & { cursor: string | undefined; prefetch?: boolean }): PagedList<Row> {
  const queries = useQueryClient();
  const query = useQuery({ ...pageOptions(listing, cursor), placeholderData: keepPreviousData });
  const nextCursor = query.data?.next_cursor ?? null;
  const ahead = prefetch && !query.isPlaceholderData ? nextCursor : null;
  useEffect(() => {
    if (ahead !== null) void queries.prefetchQuery({ ...pageOptions(listing, ahead), staleTime: 30_000 });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the name and the cursor say all
  }, [queries, ahead, JSON.stringify(listing.queryKey)]);
  return { query, rows: query.data?.items ?? [], isStale: query.isPlaceholderData, cursor, nextCursor };
}
