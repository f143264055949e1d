import { Button, Drawer, Group, Menu, Pill, Select, Text } from "@mantine/core";
import { IconDownload, IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { auditColumns } from "@/features/audit/columns";
import { EntryDetails } from "@/features/audit/EntryDetails";
import { Period } from "@/features/audit/Period";
import { actionsQuery, type Entry, exportAddress, type Filters, parametersOf } from "@/features/audit/queries";
import { api, dataOf } from "@/shared/api/client";
import { given } from "@/shared/api/given";
import { moment } from "@/shared/format/time";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ListTable } from "@/shared/ui/ListTable";
import { PageHeader } from "@/shared/ui/PageHeader";
import { rememberWay, usePagedList } from "@/shared/ui/pagedList";
import { SearchField } from "@/shared/ui/SearchField";

const route = getRouteApi("/pages/audit");

/** Who did what, and when. */
export function AuditPage() {
  const { cursor, entry, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const actions = useQuery(actionsQuery);
  const list = usePagedList<Entry>({
    queryKey: ["audit", "list", filters],
    cursor,
    fetchPage: (at, signal) => {
      const query = given({ ...parametersOf(filters), limit: 50, cursor: at });
      return dataOf(api.GET("/api/audit", { params: { query }, signal }));
    },
  });
  const searchedBackTo = list.query.data?.searched_back_to ?? null;
  const filter = (change: Filters) =>
    void navigate({ search: (old) => ({ ...old, ...change, cursor: undefined }), replace: true });
  const show = (id: string | undefined) =>
    void navigate({ search: (old) => ({ ...old, entry: id }), replace: id === undefined });
  const goOn = (next: string) => {
    rememberWay(cursor, next);
    void navigate({ search: (old) => ({ ...old, cursor: next }) });
  };
  const searchOlder = (
    <Button
      variant="default"
      size="compact-sm"
      disabled={list.isStale}
      onClick={() => list.nextCursor !== null && goOn(list.nextCursor)}
    >
      Search older entries
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Audit log"
        subtitle="Who did what, and when. Entries cannot be changed, not even by administrators."
        actions={<Export filters={filters} />}
      />
      <Group mb="sm" gap="xs">
        <SearchField
          label="Person, thing, address, details"
          value={filters.text}
          onChange={(text) => filter({ text })}
          width={280}
        />
        <Select
          aria-label="Action"
          placeholder="All actions"
          clearable
          searchable
          w={210}
          data={actions.data ?? (filters.action ? [filters.action] : [])}
          value={filters.action ?? null}
          onChange={(action) => filter({ action: action ?? undefined })}
        />
        <Period filters={filters} onChange={filter} />
        {filters.actor_id && (
          <Pill size="md" withRemoveButton onRemove={() => filter({ actor_id: undefined })}>
            One person
          </Pill>
        )}
        {filters.resource_id && (
          <Pill size="md" withRemoveButton onRemove={() => filter({ resource_id: undefined })}>
            One item
          </Pill>
        )}
      </Group>
      <ListTable
        label="Audit log"
        list={list}
        columns={auditColumns}
        minWidth={900}
        empty={
          <EmptyState
            icon={IconHistory}
            title={cursor === undefined && searchedBackTo === null ? "No entry" : "No entries"}
            text={
              searchedBackTo === null
                ? `Nothing ${cursor === undefined ? "" : "older "}in the log matches these filters.`
                : `Searched back to ${moment(searchedBackTo)}; there are older entries.`
            }
            action={searchedBackTo !== null && searchOlder}
          />
        }
        footer={
          searchedBackTo !== null &&
          list.rows.length > 0 && (
            <Group gap="xs">
              {`Searched back to ${moment(searchedBackTo)}; there are older entries.`}
              {searchOlder}
            </Group>
          )
        }
        onCursor={(next) => void navigate({ search: (old) => ({ ...old, cursor: next }) })}
      />
      <Drawer
        opened={entry !== undefined}
        onClose={() => show(undefined)}
        position="right"
        size="md"
        title="Entry"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Shown entry={list.rows.find(({ id }) => id === entry)} onFilter={filter} />
      </Drawer>
    </>
  );
}

function Shown({ entry, onFilter }: { entry: Entry | undefined; onFilter: (change: Filters) => void }) {
  if (entry === undefined) return <Text size="sm">This entry is not on this page of the list.</Text>;
  return <EntryDetails entry={entry} onFilter={onFilter} />;
}

function Export({ filters }: { filters: Filters }) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>All entries that match the filters</Menu.Label>
        <Menu.Item component="a" href={exportAddress(filters, "csv")} download>
          CSV, for a spreadsheet
        </Menu.Item>
        <Menu.Item component="a" href={exportAddress(filters, "jsonl")} download>
          JSON lines, for a program
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
