import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { EXECUTIONS, type Execution, listKey } from "@/features/executions/queries";
import type { ExecutionsSearch } from "@/features/executions/search";
import { fits, mergeInto } from "@/features/executions/list/merge";
import { type ExecutionChange, useExecutionChanges } from "@/shared/live/executionChanges";
import { throttled } from "@/shared/live/throttle";
import type { ListPage } from "@/shared/ui/pagedList";

const MERGE_MILLISECONDS = 200;
const REFRESH_MILLISECONDS = 1_500;
const TOP_PIXELS = 24;
const MOST_COUNTED = 1_000;

/**
 * Keeps a list of executions current: rows change where they stand, and new ones come in while its top is in view.
 * Otherwise nothing moves; `unseen` counts what is new, `reveal` brings it in.
 */
export function useLiveList(search: ExecutionsSearch, rows: readonly Execution[]) {
  const queries = useQueryClient();
  const [unseen, setUnseen] = useState<ReadonlySet<string>>(new Set());
  const pending = useRef(new Map<string, ExecutionChange>());
  const timers = useRef<{ merge: ReturnType<typeof throttled>; refresh: ReturnType<typeof throttled> } | null>(null);
  const name = JSON.stringify(listKey(search));
  const [shownName, setShownName] = useState(name);
  if (shownName !== name) {
    setShownName(name);
    setUnseen(new Set());
  }

  useEffect(() => {
    const changes = pending.current;
    const queryKey = JSON.parse(name) as ReturnType<typeof listKey>;
    const merge = throttled(() => {
      queries.setQueriesData<ListPage<Execution>>({ queryKey }, (page) => page && mergeInto(page, changes));
      changes.clear();
    }, MERGE_MILLISECONDS);
    const refresh = throttled(() => void queries.invalidateQueries({ queryKey }), REFRESH_MILLISECONDS);
    timers.current = { merge, refresh };
    return () => {
      merge.cancel();
      refresh.cancel();
    };
  }, [queries, name]);

  const showsTop = () => search.cursor === undefined && (scroller()?.scrollTop ?? 0) <= TOP_PIXELS;
  const [opened] = useState(idOfNow);
  const newest = search.cursor === undefined ? (rows[0]?.id ?? "") : opened;
  useExecutionChanges(
    (change) => {
      const isShown = rows.some((row) => row.id === change.id);
      if (!isShown && !fits(change, search)) return;
      pending.current.set(change.id, change);
      timers.current?.merge.call();
      if (showsTop()) timers.current?.refresh.call();
      else if (!isShown && change.id > newest) {
        setUnseen((known) => (known.size >= MOST_COUNTED ? known : new Set(known).add(change.id)));
      }
    },
    () => timers.current?.refresh.call(),
  );

  const reveal = () => {
    setUnseen(new Set());
    scroller()?.scrollTo({ top: 0 });
    void queries.invalidateQueries({ queryKey: EXECUTIONS });
  };
  return { unseen: unseen.size, reveal };
}

/** Ids begin with the moment at which they were made. */
function idOfNow(): string {
  const hex = Date.now().toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

function scroller(): HTMLElement | null {
  return document.getElementById("main");
}
