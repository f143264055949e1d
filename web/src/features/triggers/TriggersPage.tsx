import { Button } from "@mantine/core";
import { IconClockPlay, IconPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { triggerColumns } from "@/features/triggers/columns";
import { HistoryDrawer } from "@/features/triggers/HistoryDrawer";
import { type Trigger, triggersListing } from "@/features/triggers/queries";
import { TriggerDialog } from "@/features/triggers/TriggerDialog";
import { usePolling } from "@/shared/live/usePolling";
import { useMay } from "@/shared/session/session";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ListTable } from "@/shared/ui/ListTable";
import { PageHeader } from "@/shared/ui/PageHeader";
import { usePagedList } from "@/shared/ui/pagedList";
import { useShortcuts } from "@/shared/ui/shortcuts";

const route = getRouteApi("/pages/triggers");
const POLL_MILLISECONDS = 5_000;

/** What starts workflows by itself. */
export function TriggersPage() {
  const { trigger: shown, create } = route.useSearch();
  const navigate = route.useNavigate();
  const mayChange = useMay("DEVELOPER");
  const [changed, setChanged] = useState<Trigger | null>(null);
  usePolling(["triggers"], POLL_MILLISECONDS);
  const list = usePagedList({ ...triggersListing, cursor: undefined });
  const setCreating = (opened: boolean) =>
    void navigate({ search: (old) => ({ ...old, create: opened || undefined }), replace: true });
  useShortcuts("Triggers", mayChange ? [{ keys: "n", label: "New trigger", run: () => setCreating(true) }] : []);
  const columns = useMemo(() => triggerColumns({ mayChange, onChange: setChanged }), [mayChange]);
  const button = mayChange ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
      New trigger
    </Button>
  ) : undefined;
  return (
    <>
      <PageHeader
        title="Triggers"
        subtitle="What starts workflows by itself: schedules and webhooks."
        actions={button}
      />
      <ListTable
        label="Triggers"
        list={list}
        columns={columns}
        minWidth={960}
        empty={
          <EmptyState
            icon={IconClockPlay}
            title="No triggers yet"
            text="A schedule runs a workflow at certain times, such as on weekdays at nine. A webhook runs it when another program calls its address."
            action={button}
          />
        }
        onCursor={() => undefined}
      />
      <HistoryDrawer
        trigger={list.rows.find((one) => one.id === shown) ?? null}
        onClose={() => void navigate({ search: (old) => ({ ...old, trigger: undefined }), replace: true })}
      />
      {mayChange && (
        <TriggerDialog
          opened={create === true || changed !== null}
          trigger={changed}
          onClose={() => {
            setChanged(null);
            if (create === true) setCreating(false);
          }}
        />
      )}
    </>
  );
}
