import { Button, Group, Select } from "@mantine/core";
import { IconPlus, IconServer2 } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { runnerColumns } from "@/features/runners/list/columns";
import { runnersListing } from "@/features/runners/queries";
import { RegisterDialog } from "@/features/runners/register/RegisterDialog";
import { useLiveQueries } from "@/shared/live/useLiveQueries";
import { usePolling } from "@/shared/live/usePolling";
import { useMay } from "@/shared/session/session";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ListTable } from "@/shared/ui/ListTable";
import { NothingFits } from "@/shared/ui/NothingFits";
import { PageHeader } from "@/shared/ui/PageHeader";
import { usePagedList } from "@/shared/ui/pagedList";
import { SearchField } from "@/shared/ui/SearchField";
import { useShortcuts } from "@/shared/ui/shortcuts";
import { RUNNERS } from "@/shared/runners/queries";

const route = getRouteApi("/pages/runners");
const HEARTBEAT_MILLISECONDS = 10_000;
const LIVE_MILLISECONDS = 1_500;

/** The machines that carry out workflows. */
export function RunnersPage() {
  const { cursor, register: registering, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const mayRegister = useMay("ADMIN");
  const setRegistering = (opened: boolean) =>
    void navigate({ search: (old) => ({ ...old, register: opened || undefined }), replace: true });
  const register = () => setRegistering(true);
  useShortcuts("Runners", mayRegister ? [{ keys: "n", label: "Register a Runner", run: register }] : []);
  usePolling(RUNNERS, HEARTBEAT_MILLISECONDS);
  useLiveQueries(RUNNERS, LIVE_MILLISECONDS);
  const list = usePagedList({ ...runnersListing(filters), cursor });
  const filter = (change: typeof filters) =>
    void navigate({ search: (old) => ({ ...old, ...change, cursor: undefined }), replace: true });
  const filtered = Object.values(filters).some((value) => value !== undefined);
  const button = mayRegister ? (
    <Button leftSection={<IconPlus size={16} />} onClick={register}>
      Register a Runner
    </Button>
  ) : undefined;
  return (
    <>
      <PageHeader title="Runners" subtitle="The machines that carry out workflows." actions={button} />
      <Group mb="sm" gap="xs">
        <SearchField label="Name" value={filters.text} onChange={(text) => filter({ text })} />
        <Select
          aria-label="State"
          placeholder="Any state"
          clearable
          w={150}
          data={[
            { value: "ONLINE", label: "Online" },
            { value: "BUSY", label: "Busy" },
            { value: "OFFLINE", label: "Offline" },
          ]}
          value={filters.state ?? null}
          onChange={(state) => filter({ state: (state ?? undefined) as typeof filters.state })}
        />
        <Select
          aria-label="Type"
          placeholder="Any type"
          clearable
          w={150}
          data={[
            { value: "UNATTENDED", label: "Unattended" },
            { value: "ATTENDED", label: "Attended" },
          ]}
          value={filters.type ?? null}
          onChange={(type) => filter({ type: (type ?? undefined) as typeof filters.type })}
        />
        <SearchField label="Label" width={160} value={filters.label} onChange={(label) => filter({ label })} />
      </Group>
      <ListTable
        label="Runners"
        list={list}
        columns={runnerColumns}
        minWidth={980}
        empty={
          filtered ? (
            <NothingFits what={["Runner", "Runners"]} onClear={() => void navigate({ search: {} })} />
          ) : (
            <NoRunner button={button} />
          )
        }
        onCursor={(next) => void navigate({ search: (old) => ({ ...old, cursor: next }) })}
      />
      {mayRegister && <RegisterDialog opened={registering === true} onClose={() => setRegistering(false)} />}
    </>
  );
}

function NoRunner({ button }: { button: React.ReactNode }) {
  return (
    <EmptyState
      icon={IconServer2}
      title="No Runner yet"
      text="A Runner is a small program on one of your machines. The Hub gives it executions, and it carries them out with the files and programs of that machine. An administrator registers it here and gets the command to start it."
      action={button}
    />
  );
}
