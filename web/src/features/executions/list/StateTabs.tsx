import { Group, UnstyledButton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import classes from "@/features/executions/list/list.module.css";
import { countsQuery } from "@/features/executions/queries";
import { type ExecutionsSearch, STATES } from "@/features/executions/search";
import { useLiveQueries } from "@/shared/live/useLiveQueries";
import { type ExecutionState, labelOf } from "@/shared/ui/StateBadge";

const COUNT_MILLISECONDS = 2_000;

/** One button a state with its count; several may be pressed. */
export function StateTabs({
  search,
  onChange,
}: {
  search: ExecutionsSearch;
  onChange: (states: ExecutionState[] | undefined) => void;
}) {
  const query = countsQuery(search);
  const { data } = useQuery({ ...query, placeholderData: keepPreviousData });
  useLiveQueries(query.queryKey, COUNT_MILLISECONDS);
  const counts = new Map(data?.items.map((item) => [item.state, item]));
  const chosen = search.state ?? [];
  const toggle = (state: ExecutionState) => {
    const next = chosen.includes(state) ? chosen.filter((one) => one !== state) : [...chosen, state];
    onChange(next.length === 0 || next.length === STATES.length ? undefined : next);
  };
  return (
    <Group gap={6} role="group" aria-label="States">
      <UnstyledButton className={classes.tab} aria-pressed={chosen.length === 0} onClick={() => onChange(undefined)}>
        All
      </UnstyledButton>
      {STATES.map((state) => {
        const found = counts.get(state);
        return (
          <UnstyledButton
            key={state}
            data-state-filter={state}
            className={classes.tab}
            aria-pressed={chosen.includes(state)}
            onClick={() => toggle(state)}
          >
            {labelOf(state)}
            <span className={classes.count}>
              {found === undefined ? "…" : `${found.count.toLocaleString()}${found.more ? "+" : ""}`}
            </span>
          </UnstyledButton>
        );
      })}
    </Group>
  );
}
