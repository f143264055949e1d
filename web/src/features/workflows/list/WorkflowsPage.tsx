import { Button, Group, MultiSelect, Select, Switch } from "@mantine/core";
import { IconBinaryTree2, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import { NewWorkflowDialog } from "@/features/workflows/create/NewWorkflowDialog";
import { accessorOf, sortOf, workflowColumns } from "@/features/workflows/list/columns";
import { type Overview, tagsQuery, workflowsListing } from "@/features/workflows/queries";
import { RunDialog } from "@/features/workflows/run/RunDialog";
import { useLiveQueries } from "@/shared/live/useLiveQueries";
import { useMay } from "@/shared/session/session";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ListTable } from "@/shared/ui/ListTable";
import { NothingFits } from "@/shared/ui/NothingFits";
import { PageHeader } from "@/shared/ui/PageHeader";
import { usePagedList } from "@/shared/ui/pagedList";
import { SearchField } from "@/shared/ui/SearchField";
import { useShortcuts } from "@/shared/ui/shortcuts";

const route = getRouteApi("/pages/workflows");
const LIVE_MILLISECONDS = 3_000;
const STATES = [
  { value: "published", label: "Published" },
  { value: "unpublished", label: "Never published" },
  { value: "draft", label: "With a newer draft" },
];

/** All workflows: what they are, how they do, and what can be done with them. */
export function WorkflowsPage() {
  const { cursor, create, sort, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const mayDraw = useMay("DEVELOPER");
  const tags = useQuery(tagsQuery);
  const [running, setRunning] = useState<Overview | null>(null);
  const change = (to: Partial<Record<keyof typeof filters | "sort" | "create", unknown>>) =>
    void navigate({ search: (old) => ({ ...old, ...(to as typeof filters), cursor: undefined }), replace: true });
  const openNew = (opened: boolean) => change({ create: opened || undefined });
  useShortcuts("Workflows", mayDraw ? [{ keys: "n", label: "New workflow", run: () => openNew(true) }] : []);
  useLiveQueries(["workflows", "list"], LIVE_MILLISECONDS);
  const list = usePagedList({ ...workflowsListing({ ...filters, sort }), cursor });
  const columns = useMemo(() => workflowColumns({ mayDraw, onRun: setRunning }), [mayDraw, setRunning]);
  const button = mayDraw ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => openNew(true)}>
      New workflow
    </Button>
  ) : undefined;
  return (
    <>
      <PageHeader title="Workflows" subtitle="Your workflows and their recent health." actions={button} />
      <Group mb="sm" gap="xs">
        <SearchField label="Name or description" value={filters.text} onChange={(text) => change({ text })} />
        <MultiSelect
          aria-label="Tags"
          placeholder={filters.tag ? "" : "All tags"}
          clearable
          searchable
          w={filters.tag ? 260 : 170}
          data={tags.data?.map(({ tag, count }) => ({ value: tag, label: `${tag} (${count})` })) ?? filters.tag ?? []}
          value={filters.tag ?? []}
          onChange={(tag) => change({ tag: tag.length > 0 ? tag : undefined })}
        />
        <Select
          aria-label="Status"
          placeholder="Any status"
          clearable
          w={190}
          data={STATES}
          value={filters.state ?? null}
          onChange={(state) => change({ state: state ?? undefined })}
        />
        <Switch
          label="Archived"
          ml="auto"
          checked={filters.archived ?? false}
          onChange={(event) => change({ archived: event.currentTarget.checked || undefined })}
        />
      </Group>
      <ListTable
        label="Workflows"
        list={list}
        columns={columns}
        minWidth={960}
        sort={{
          status: accessorOf(sort),
          onChange: (status) => change({ sort: sortOf(status) }),
        }}
        empty={<NoWorkflow filters={filters} button={button} onClear={() => void navigate({ search: {} })} />}
        onCursor={(next) => void navigate({ search: (old) => ({ ...old, cursor: next }) })}
      />
      {mayDraw && <NewWorkflowDialog opened={create === true} onClose={() => openNew(false)} />}
      <RunDialog workflow={running} onClose={() => setRunning(null)} />
    </>
  );
}

interface NoWorkflowProps {
  filters: { archived?: true | undefined };
  button: ReactNode;
  onClear: () => void;
}

function NoWorkflow({ filters: { archived, ...filters }, button, onClear }: NoWorkflowProps) {
  if (Object.values(filters).some((value) => value !== undefined)) {
    return <NothingFits what={["workflow", "workflows"]} onClear={onClear} />;
  }
  if (archived) {
    return <EmptyState icon={IconBinaryTree2} title="No archived workflows" text="Archived workflows are kept here." />;
  }
  return (
    <EmptyState
      icon={IconBinaryTree2}
      title="No workflow yet"
      text="A workflow describes a task as steps: read a file, ask a service, decide, write the result. Draw one in Studio, or import one that you have."
      action={button}
    />
  );
}
