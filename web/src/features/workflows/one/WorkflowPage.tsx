import { Skeleton, Stack, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { ExecutionsTab } from "@/features/workflows/one/ExecutionsTab";
import { FilesTab } from "@/features/workflows/one/FilesTab";
import { OverviewTab } from "@/features/workflows/one/OverviewTab";
import { PublishDialog } from "@/features/workflows/one/PublishDialog";
import { SettingsTab } from "@/features/workflows/one/SettingsTab";
import { StatisticsTab } from "@/features/workflows/one/StatisticsTab";
import { VersionsTab } from "@/features/workflows/one/VersionsTab";
import { WorkflowHeader } from "@/features/workflows/one/WorkflowHeader";
import { type Workflow, workflowQuery } from "@/shared/workflows/queries";
import type { TABS } from "@/features/workflows/route";
import { RunDialog } from "@/features/workflows/run/RunDialog";
import { useMay } from "@/shared/session/session";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { UnreadPage } from "@/shared/ui/Nowhere";

const route = getRouteApi("/pages/workflows/$workflowId");
const LABELS: Record<(typeof TABS)[number], string> = {
  overview: "Overview",
  versions: "Versions",
  files: "Files",
  executions: "Executions",
  statistics: "Statistics",
  settings: "Settings",
};

/** One workflow: its versions, what it did, and what can be done with it. */
export function WorkflowPage() {
  const { workflowId } = route.useParams();
  const workflow = useQuery(workflowQuery(workflowId));
  if (workflow.isError) {
    const retry = () => void workflow.refetch();
    return <UnreadPage error={workflow.error} onRetry={retry} to="/workflows" label="All workflows" />;
  }
  if (workflow.data === undefined) return <Loading />;
  return <Loaded key={workflowId} workflow={workflow.data} />;
}

function Loaded({ workflow }: { workflow: Workflow }) {
  const { tab: wanted = "overview" } = route.useSearch();
  const navigate = route.useNavigate();
  const mayDraw = useMay("DEVELOPER");
  const [dialog, setDialog] = useState<"run" | "publish" | null>(null);
  const tabs = (Object.keys(LABELS) as (keyof typeof LABELS)[]).filter((one) => one !== "settings" || mayDraw);
  const tab = tabs.includes(wanted) ? wanted : "overview";
  const close = () => setDialog(null);
  return (
    <>
      <WorkflowHeader workflow={workflow} onRun={() => setDialog("run")} onPublish={() => setDialog("publish")} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(to) =>
          void navigate({ search: to === "overview" ? {} : { tab: to as keyof typeof LABELS }, replace: true })
        }
      >
        <Tabs.List mb="md">
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {LABELS[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Panel name="overview">
          <OverviewTab workflow={workflow} />
        </Panel>
        <Panel name="versions">
          <VersionsTab workflow={workflow} onPublish={() => setDialog("publish")} />
        </Panel>
        <Panel name="files">
          <FilesTab workflow={workflow} onPublish={() => setDialog("publish")} />
        </Panel>
        <Panel name="executions">
          <ExecutionsTab workflow={workflow} />
        </Panel>
        <Panel name="statistics">
          <StatisticsTab workflow={workflow} />
        </Panel>
        {mayDraw && (
          <Panel name="settings">
            <SettingsTab key={workflow.updated_at} workflow={workflow} />
          </Panel>
        )}
      </Tabs>
      <RunDialog workflow={dialog === "run" ? workflow : null} onClose={close} />
      <PublishDialog workflow={workflow} opened={dialog === "publish"} onClose={close} />
    </>
  );
}

function Panel({ name, children }: { name: keyof typeof LABELS; children: ReactNode }) {
  return (
    <Tabs.Panel value={name}>
      <ErrorBoundary what={`The tab ${LABELS[name]}`}>{children}</ErrorBoundary>
    </Tabs.Panel>
  );
}

function Loading() {
  return (
    <Stack role="status" aria-label="Loading">
      <Skeleton height={14} width={90} />
      <Skeleton height={28} width={320} />
      <Skeleton height={36} mt="md" />
      <Skeleton height={420} />
    </Stack>
  );
}
