import { Button } from "@mantine/core";
import { IconActivity, IconArrowUp, IconBinaryTree2 } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { useListActions } from "@/features/executions/actions";
import { executionColumns } from "@/features/executions/list/columns";
import { FilterBar } from "@/features/executions/list/FilterBar";
import classes from "@/features/executions/list/list.module.css";
import { ListActionsContext } from "@/features/executions/list/RowActions";
import { SelectionBar } from "@/features/executions/list/SelectionBar";
import { StateTabs } from "@/features/executions/list/StateTabs";
import { useLiveList } from "@/features/executions/list/useLiveList";
import { type Execution, executionsListing, listKey } from "@/features/executions/queries";
import { type ExecutionsSearch, isFiltered } from "@/features/executions/search";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ListTable } from "@/shared/ui/ListTable";
import { NothingFits } from "@/shared/ui/NothingFits";
import { PageHeader } from "@/shared/ui/PageHeader";
import { usePagedList } from "@/shared/ui/pagedList";
import { useShown } from "@/shared/ui/useShown";

const route = getRouteApi("/pages/executions");

/** All executions, live, with filters that live in the address. */
export function ExecutionsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [selected, setSelected] = useState<string[]>([]);
  const change = (changes: Partial<ExecutionsSearch>) => {
    setSelected([]);
    void navigate({ search: (now) => ({ ...now, cursor: undefined, ...changes }) as ExecutionsSearch, replace: true });
  };
  const actions = useListActions();
  const list = usePagedList({ ...executionsListing(search), cursor: search.cursor });
  useShown("executions", list.query.isSuccess);
  const { unseen, reveal } = useLiveList(search, list.rows);
  const firstSeen = useFirstSeen(JSON.stringify(listKey(search)), list.isStale ? undefined : list.rows[0]?.id);
  const rowClassName = useCallback(
    (row: Execution) => (firstSeen !== undefined && row.id > firstSeen ? classes.arrived : undefined),
    [firstSeen],
  );
  return (
    <ListActionsContext value={actions}>
      <PageHeader title="Executions" />
      <FilterBar search={search} onChange={change} />
      <StateTabs search={search} onChange={(state) => change({ state })} />
      <News
        count={unseen}
        onReveal={() => {
          reveal();
          if (search.cursor !== undefined) change({ cursor: undefined });
        }}
      />
      <div style={{ marginTop: 12 }}>
        <ListTable
          label="Executions"
          list={list}
          columns={executionColumns}
          minWidth={980}
          empty={<NoExecutions search={search} onClear={() => void navigate({ search: {} })} />}
          onCursor={(cursor) => {
            setSelected([]);
            void navigate({ search: (now) => ({ ...now, cursor }) as ExecutionsSearch });
          }}
          selection={{ ids: selected, onChange: setSelected }}
          rowClassName={rowClassName}
        />
      </div>
      <SelectionBar rows={list.rows.filter((row) => selected.includes(row.id))} onClear={() => setSelected([])} />
    </ListActionsContext>
  );
}

/** The newest row when the list was opened: what is newer has arrived since. */
function useFirstSeen(name: string, newest: string | undefined): string | undefined {
  const [seen, setSeen] = useState<{ name: string; id: string } | null>(null);
  if (newest !== undefined && seen?.name !== name) setSeen({ name, id: newest });
  return seen?.name === name ? seen.id : undefined;
}

function News({ count, onReveal }: { count: number; onReveal: () => void }) {
  return (
    <div className={classes.news} role="status">
      {count > 0 && (
        <Button size="compact-sm" radius="xl" leftSection={<IconArrowUp size={14} />} onClick={onReveal}>
          {count.toLocaleString()} new
        </Button>
      )}
    </div>
  );
}

function NoExecutions({ search, onClear }: { search: ExecutionsSearch; onClear: () => void }) {
  if (isFiltered(search) || search.state !== undefined) {
    return (
      <NothingFits
        what={["execution", "executions"]}
        text="Choose a longer period, more states, or another workflow."
        onClear={onClear}
      />
    );
  }
  return (
    <EmptyState
      icon={IconActivity}
      title="Nothing has run yet"
      text="Every run of a workflow is kept here, with its log, its values and how long each step took. Run a workflow to see the first one."
      action={
        <Button component={Link} to="/workflows" leftSection={<IconBinaryTree2 size={16} />}>
          Go to the workflows
        </Button>
      }
    />
  );
}
