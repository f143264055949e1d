import { ActionIcon, SegmentedControl, Select, Skeleton, Tooltip } from "@mantine/core";
import { IconArrowsLeftRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ChangeList } from "@/shared/changes/ChangeList";
import classes from "@/features/workflows/compare/compare.module.css";
import { LazyTextDiff } from "@/features/workflows/compare/LazyTextDiff";
import { PictureDiff } from "@/features/workflows/compare/PictureDiff";
import { diffQuery, versionsQuery, type Workflow, workflowQuery } from "@/shared/workflows/queries";
import type { Schemas } from "@/shared/api/client";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { LoadingPage } from "@/shared/ui/LoadingPage";
import { PageHeader } from "@/shared/ui/PageHeader";

const route = getRouteApi("/pages/workflows/$workflowId/compare");

/** Two versions of a workflow, beside one another. */
export function ComparePage() {
  const { workflowId } = route.useParams();
  const workflow = useQuery(workflowQuery(workflowId));
  if (workflow.isError) return <ErrorPanel error={workflow.error} onRetry={() => void workflow.refetch()} />;
  if (workflow.data === undefined) return <LoadingPage />;
  return <Compared workflow={workflow.data} />;
}

function Compared({ workflow }: { workflow: Workflow }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const to = search.to ?? workflow.latest_number;
  const from = search.from ?? Math.max(1, Math.min(to - 1, workflow.published_number ?? to - 1));
  const { view = "picture", node = null, file = null } = search;
  const change = (what: Partial<typeof search>) =>
    void navigate({ search: (old) => ({ ...old, from, to, ...what }), replace: true });
  const diff = useQuery(diffQuery(workflow.id, from, to));
  return (
    <div className={classes.page}>
      <PageHeader
        parent={{ to: `/workflows/${workflow.id}`, label: workflow.name }}
        title="Compare versions"
        tab={`Compare, ${workflow.name}`}
        actions={
          <>
            <VersionSelect
              label="From version"
              workflow={workflow}
              value={from}
              onChange={(one) => change({ from: one })}
            />
            <Tooltip label="Swap">
              <ActionIcon
                variant="default"
                size="lg"
                aria-label="Swap the versions"
                onClick={() => change({ from: to, to: from })}
              >
                <IconArrowsLeftRight size={16} />
              </ActionIcon>
            </Tooltip>
            <VersionSelect label="To version" workflow={workflow} value={to} onChange={(one) => change({ to: one })} />
            <SegmentedControl
              aria-label="Show as"
              value={view}
              data={[
                { value: "picture", label: "Picture" },
                { value: "text", label: "Text" },
              ]}
              onChange={(value) => change({ view: value as typeof view, file: undefined })}
            />
          </>
        }
      />
      <div className={classes.body}>
        <section className={classes.list} aria-label="Changes" tabIndex={0}>
          {diff.isError && <ErrorPanel error={diff.error} onRetry={() => void diff.refetch()} />}
          {diff.isPending && <Skeleton height={200} />}
          {diff.data && (
            <ChangeList
              changes={diff.data.changes}
              files={diff.data.files}
              ofOne={from === to}
              selected={node}
              onNode={(one) => change({ node: one, view: "picture", file: undefined })}
              file={file}
              onFile={(path) => change({ file: path, view: "text", node: undefined })}
            />
          )}
        </section>
        <div className={classes.view}>
          {view === "text" ? (
            <LazyTextDiff id={workflow.id} from={from} to={to} file={file} change={changeOf(diff.data, file)} />
          ) : (
            <PictureDiff
              id={workflow.id}
              from={from}
              to={to}
              diff={diff.data}
              selected={node}
              onSelect={(one) => change({ node: one ?? undefined })}
            />
          )}
        </div>
      </div>
    </div>
  );
}

function changeOf(diff: Schemas["DiffAnswer"] | undefined, file: string | null) {
  return diff?.files.find(({ path }) => path === file)?.change ?? null;
}

interface SelectProps {
  label: string;
  workflow: Workflow;
  value: number;
  onChange: (number: number) => void;
}

function VersionSelect({ label, workflow, value, onChange }: SelectProps) {
  const { data } = useQuery(versionsQuery(workflow.id));
  const options = (data?.items ?? []).map(({ number, state }) => ({
    value: String(number),
    label: `Version ${number}${state === "superseded" ? "" : `, ${state}`}`,
  }));
  const known = options.some((option) => option.value === String(value));
  return (
    <Select
      aria-label={label}
      w={190}
      allowDeselect={false}
      searchable
      data={known ? options : [...options, { value: String(value), label: `Version ${value}` }]}
      value={String(value)}
      onChange={(chosen) => chosen !== null && onChange(Number(chosen))}
    />
  );
}
