import "mantine-datatable/styles.css";
import { ActionIcon, Group, Skeleton, Text } from "@mantine/core";
import { IconArrowBarToLeft, IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import {
  DataTable,
  type DataTableColumn,
  type DataTableSelectionProps,
  type DataTableSortProps,
  type DataTableSortStatus,
} from "mantine-datatable";
import { type KeyboardEvent, type ReactNode, useMemo } from "react";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import classes from "@/shared/ui/ListTable.module.css";
import { type PagedList, rememberWay, wayBack } from "@/shared/ui/pagedList";

export type ListColumn<Row> = DataTableColumn<Row>;

const SKELETON_ROWS = 12;

interface ListTableProps<Row extends { id: string }> {
  /** What the table lists, for screen readers. */
  label: string;
  list: PagedList<Row>;
  /**
   * The cell that names the row holds a `RowLink`: the whole row then leads there. Columns have the widths that they
   * say; those that say none share the rest.
   */
  columns: ListColumn<Row>[];
  /** What stands there when there is no row. */
  empty: ReactNode;
  /** Goes to another page: keeps the cursor in the address. Undefined is the first page. */
  onCursor: (cursor: string | undefined) => void;
  selection?: { ids: readonly string[]; onChange: (ids: string[]) => void; isSelectable?: (row: Row) => boolean };
  sort?: { status: DataTableSortStatus<Row>; onChange: (status: DataTableSortStatus<Row>) => void };
  rowClassName?: (row: Row) => string | undefined;
  /** Stands beside the paging buttons. */
  footer?: ReactNode;
  minWidth?: number;
}

/** A list of the Hub, a page at a time: rows that are links, skeletons, errors, an empty state, paging by cursor. */
export function ListTable<Row extends { id: string }>(props: ListTableProps<Row>) {
  const { label, list, columns, empty, rowClassName, minWidth } = props;
  const loading = list.query.isPending;
  const shown = useMemo(() => (loading ? columns.map(asSkeleton) : columns), [loading, columns]);
  if (list.query.isError && list.query.data === undefined) {
    return <ErrorPanel error={list.query.error} onRetry={() => void list.query.refetch()} />;
  }
  if (!loading && list.rows.length === 0 && list.cursor === undefined) return empty;
  const records = loading ? PLACES.map((id) => ({ id }) as Row) : [...list.rows];
  return (
    <div
      className={classes.list}
      role="region"
      aria-label={label}
      aria-busy={loading || list.isStale}
      data-stale={list.isStale || undefined}
      onKeyDown={walk}
    >
      {list.query.isError && <ErrorPanel error={list.query.error} onRetry={() => void list.query.refetch()} />}
      <DataTable<Row>
        idAccessor="id"
        columns={shown}
        records={records}
        minHeight={0}
        verticalSpacing={5}
        horizontalSpacing="xs"
        withTableBorder
        borderRadius="md"
        highlightOnHover
        noRecordsText=""
        style={{ "--list-min-width": minWidth === undefined ? undefined : `${minWidth}px` }}
        classNames={{ table: classes.table ?? "" }}
        customRowAttributes={({ id }) => ({ "data-id": id })}
        rowClassName={(row) => [classes.row, rowClassName?.(row)].filter(Boolean).join(" ")}
        {...sortingOf(props)}
        {...selectionOf(props, loading)}
      />
      <Paging {...props} />
    </div>
  );
}

function sortingOf<Row extends { id: string }>({ sort }: ListTableProps<Row>): DataTableSortProps<Row> {
  return sort === undefined ? {} : { sortStatus: sort.status, onSortStatusChange: sort.onChange };
}

function selectionOf<Row extends { id: string }>(
  { selection, list }: ListTableProps<Row>,
  loading: boolean,
): DataTableSelectionProps<Row> {
  if (selection === undefined || loading) return {};
  return {
    selectedRecords: list.rows.filter((row) => selection.ids.includes(row.id)),
    onSelectedRecordsChange: (rows) => selection.onChange(rows.map((row) => row.id)),
    selectionColumnStyle: { width: 40, minWidth: 40 },
    allRecordsSelectionCheckboxProps: { "aria-label": "Select all rows of this page", size: "xs" },
    getRecordSelectionCheckboxProps: () => ({ "aria-label": "Select this row", size: "xs" }),
    ...(selection.isSelectable && { isRecordSelectable: selection.isSelectable }),
  };
}

const PLACES = Array.from({ length: SKELETON_ROWS }, (_, index) => `place-${index}`);

function asSkeleton<Row>(column: ListColumn<Row>): ListColumn<Row> {
  return { ...column, render: () => <Skeleton height={12} my={5} width="70%" /> };
}

function Paging<Row extends { id: string }>({ list, onCursor, footer }: ListTableProps<Row>) {
  const { cursor, nextCursor } = list;
  if (cursor === undefined && nextCursor === null && !footer) return null;
  const previous = cursor === undefined ? undefined : wayBack(cursor);
  const next = () => {
    if (nextCursor === null) return;
    rememberWay(cursor, nextCursor);
    onCursor(nextCursor);
  };
  return (
    <Group justify="space-between" mt="xs" gap="sm">
      <Text size="sm" c="var(--exekra-quiet)" component="div">
        {footer}
      </Text>
      <Group gap={4} component="nav" aria-label="Pages of the list">
        <PagingButton
          page="first"
          label="First page"
          disabled={cursor === undefined}
          onClick={() => onCursor(undefined)}
        >
          <IconArrowBarToLeft size={16} />
        </PagingButton>
        <PagingButton
          page="previous"
          label="Previous page"
          disabled={previous === undefined}
          onClick={() => onCursor(previous === "" ? undefined : previous)}
        >
          <IconChevronLeft size={16} />
        </PagingButton>
        <PagingButton page="next" label="Next page" disabled={nextCursor === null || list.isStale} onClick={next}>
          <IconChevronRight size={16} />
        </PagingButton>
      </Group>
    </Group>
  );
}

function PagingButton(props: {
  page: string;
  label: string;
  disabled: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  const { page, label, disabled, onClick, children } = props;
  return (
    <ActionIcon
      variant="default"
      size="md"
      data-page={page}
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </ActionIcon>
  );
}

/** Arrow keys go from row to row. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row-link]")];
  const at = links.indexOf(event.target as HTMLElement);
  const next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}
