import { ActionIcon, Group, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import type { DataTableSortStatus } from "mantine-datatable";
import { Health } from "@/features/workflows/list/Health";
import { WorkflowMenu } from "@/features/workflows/list/WorkflowMenu";
import { mayRun } from "@/features/workflows/mayRun";
import type { Overview } from "@/features/workflows/queries";
import type { SORTS } from "@/features/workflows/queries";
import { Tags } from "@/features/workflows/Tags";
import { VersionState } from "@/features/workflows/VersionState";
import { Ago } from "@/shared/ui/Ago";
import type { ListColumn } from "@/shared/ui/ListTable";
import { RowLink } from "@/shared/ui/RowLink";
import { type ExecutionState, StateBadge } from "@/shared/ui/StateBadge";
import { PageLink } from "@/shared/ui/links";
import { executionPage } from "@/shared/executions/links";
import { workflowPage } from "@/shared/workflows/links";

type Sort = (typeof SORTS)[number];
const ACCESSORS = { name: "name", updated: "updated_at", "last-run": "last_execution", failures: "health" } as const;

/** How the table shows an order of the Hub's. */
export function accessorOf(sort: Sort | undefined): DataTableSortStatus<Overview> {
  const order = sort ?? "name";
  const name = order.replace(/^-/, "");
  return {
    columnAccessor: ACCESSORS[name as keyof typeof ACCESSORS],
    direction: order.startsWith("-") ? "desc" : "asc",
  };
}

/** The Hub's order for what was chosen in the table; undefined is the usual one. */
export function sortOf({ columnAccessor, direction }: DataTableSortStatus<Overview>): Sort | undefined {
  const found = Object.entries(ACCESSORS).find(([, accessor]) => accessor === columnAccessor)?.[0] ?? "name";
  const sort = (direction === "desc" ? `-${found}` : found) as Sort;
  return sort === "name" ? undefined : sort;
}

interface Actions {
  mayDraw: boolean;
  onRun: (workflow: Overview) => void;
}

/** The columns of the list of workflows. */
export function workflowColumns({ mayDraw, onRun }: Actions): ListColumn<Overview>[] {
  return [
    { accessor: "name", title: "Name", sortable: true, render: (workflow) => <Name workflow={workflow} /> },
    { accessor: "tags", title: "Tags", width: "13.7%", render: ({ tags }) => <Tags tags={tags} most={2} /> },
    {
      accessor: "health",
      title: "Health, 7 days",
      width: 150,
      sortable: true,
      render: ({ health }) => <Health health={health} />,
    },
    {
      accessor: "last_execution",
      title: "Last run",
      width: 130,
      sortable: true,
      render: ({ last_execution: last }) => (last === null ? <Never /> : <LastRun last={last} />),
    },
    { accessor: "version", title: "Version", width: 128, render: (workflow) => <Versions workflow={workflow} /> },
    {
      accessor: "updated_at",
      title: "Changed",
      width: 120,
      sortable: true,
      render: (workflow) => <Ago at={workflow.updated_at} />,
    },
    {
      accessor: "actions",
      title: <VisuallyHidden>Actions</VisuallyHidden>,
      width: 84,
      textAlign: "right",
      render: (workflow) => (
        <Group gap={2} wrap="nowrap" justify="flex-end">
          {mayRun(workflow, mayDraw) && (
            <Tooltip label="Run">
              <ActionIcon variant="subtle" aria-label={`Run ${workflow.name}`} onClick={() => onRun(workflow)}>
                <IconPlayerPlay size={17} />
              </ActionIcon>
            </Tooltip>
          )}
          <WorkflowMenu workflow={workflow} onRun={onRun} />
        </Group>
      ),
    },
  ];
}

function Name({ workflow }: { workflow: Overview }) {
  return (
    <>
      <Text inherit truncate>
        <RowLink {...workflowPage(workflow.id)} title={workflow.name}>
          {workflow.name}
        </RowLink>
      </Text>
      {workflow.description !== "" && (
        <Text size="xs" c="var(--exekra-quiet)" truncate title={workflow.description}>
          {workflow.description}
        </Text>
      )}
    </>
  );
}

function Never() {
  return (
    <Text size="sm" c="var(--exekra-quiet)">
      never
    </Text>
  );
}

function LastRun({ last }: { last: NonNullable<Overview["last_execution"]> }) {
  return (
    <>
      <StateBadge state={last.state as ExecutionState} />
      <Text size="xs">
        <PageLink {...executionPage(last.id)} inherit c="var(--exekra-quiet)">
          <Ago at={last.finished_at ?? last.created_at} />
        </PageLink>
      </Text>
    </>
  );
}

function Versions({ workflow }: { workflow: Overview }) {
  const { published_number: published, latest_number: latest, has_draft: hasDraft } = workflow;
  return (
    <Group gap={4}>
      {published !== null && <VersionState state="published" text={`Version ${published}`} />}
      {hasDraft && <VersionState state="draft" text={`Draft ${latest}`} />}
    </Group>
  );
}
