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
import { type CSSProperties, type KeyboardEvent, memo, type ReactNode, useDeferredValue } from "react";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import classes from "@/shared/ui/ListTable.module.css";
import { type PagedList, rememberWay, wayBack } from "@/shared/ui/pagedList";

export type ListColumn<Row> = DataTableColumn<Row>;

const SKELETON_ROWS = 12;
const ROW_HEIGHT = 37;

interface ListTableProps<Row extends { id: string }> {
  /** What the table lists, for screen readers. */
  label: string;
  list: PagedList<Row>;
  /**
   * The cell that names the row holds a `RowLink`: the whole row then leads there. Columns have the widths that they
   * say; those that say none share the rest. The same array each time spares drawing all rows anew.
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
  const { label, list, columns, empty, selection, sort, rowClassName, minWidth } = props;
  const loading = list.query.isPending;
  if (list.query.isError && list.query.data === undefined) {
    return <ErrorPanel error={list.query.error} onRetry={() => void list.query.refetch()} />;
  }
  if (!loading && list.rows.length === 0) {
    return (
      <>
        {empty}
        {list.cursor !== undefined && <Paging {...props} />}
      </>
    );
  }
  return (
    <div
      className={classes.list}
      role="region"
      aria-label={label}
      aria-busy={loading || list.isStale}
      data-stale={list.isStale || undefined}
      style={{ "--list-min-width": `${minWidth ?? 0}px`, minHeight: list.rows.length * ROW_HEIGHT } as CSSProperties}
      onKeyDown={walk}
    >
      {list.query.isError && <ErrorPanel error={list.query.error} onRetry={() => void list.query.refetch()} />}
      <Rows
        columns={columns}
        rows={loading ? null : list.rows}
        selectedIds={selection?.ids}
        onSelect={selection?.onChange}
        isSelectable={selection?.isSelectable}
        sort={sort}
        rowClassName={rowClassName}
      />
      <Paging {...props} />
    </div>
  );
}

interface RowsProps<Row extends { id: string }> {
  columns: ListColumn<Row>[];
  /** Null while they are on their way. */
  rows: readonly Row[] | null;
  selectedIds: readonly string[] | undefined;
  onSelect: ((ids: string[]) => void) | undefined;
  isSelectable: ((row: Row) => boolean) | undefined;
  sort: ListTableProps<Row>["sort"];
  rowClassName: ((row: Row) => string | undefined) | undefined;
}

/** Hundreds of cells: made anew only when something of them changes. */
const Rows = memo(function Rows<Row extends { id: string }>(props: RowsProps<Row>) {
  const { columns, rows, rowClassName } = props;
  const shown = useThoseInViewFirst(rows);
  return (
    <DataTable<Row>
      idAccessor="id"
      columns={rows === null ? columns.map(asSkeleton) : columns}
      records={shown === null ? PLACES.map((id) => ({ id }) as Row) : [...shown]}
      minHeight={0}
      verticalSpacing={5}
      horizontalSpacing="xs"
      withTableBorder
      borderRadius="md"
      highlightOnHover
      noRecordsText=""
      classNames={{ table: classes.table ?? "" }}
      customRowAttributes={({ id }) => ({ "data-id": id })}
      rowClassName={(row) => [classes.row, rowClassName?.(row)].filter(Boolean).join(" ")}
      {...sortingOf(props)}
      {...selectionOf(props)}
    />
  );
}) as <Row extends { id: string }>(props: RowsProps<Row>) => ReactNode;

/** Of rows that are new, those that fit the window are drawn at once and the others when there is time. */
function useThoseInViewFirst<Row extends { id: string }>(rows: readonly Row[] | null): readonly Row[] | null {
  const drawn = useDeferredValue(rows, null);
  if (rows === null || drawn === rows || drawn?.[0]?.id === rows[0]?.id) return rows;
  return rows.slice(0, Math.ceil(window.innerHeight / ROW_HEIGHT));
}

function sortingOf<Row extends { id: string }>({ sort }: RowsProps<Row>): DataTableSortProps<Row> {
  return sort === undefined ? {} : { sortStatus: sort.status, onSortStatusChange: sort.onChange };
}

function selectionOf<Row extends { id: string }>(props: RowsProps<Row>): DataTableSelectionProps<Row> {
  const { rows, selectedIds, onSelect, isSelectable } = props;
  if (rows === null || selectedIds === undefined) return {};
  return {
    selectedRecords: rows.filter((row) => selectedIds.includes(row.id)),
    onSelectedRecordsChange: (chosen) => onSelect?.(chosen.map((row) => row.id)),
    selectionColumnStyle: { width: 40, minWidth: 40 },
    allRecordsSelectionCheckboxProps: { "aria-label": "Select all rows of this page", size: "xs" },
    getRecordSelectionCheckboxProps: () => ({ "aria-label": "Select this row", size: "xs" }),
    ...(isSelectable && { isRecordSelectable: isSelectable }),
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
