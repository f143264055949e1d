import { Alert, Skeleton, Stack, Tabs } from "@mantine/core";
import {
  IconBinaryTree2,
  IconBraces,
  IconChartLine,
  IconFiles,
  IconHourglass,
  IconList,
  IconTimelineEvent,
  type Icon,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import { Actions } from "@/features/executions/one/Actions";
import { EventsTab } from "@/features/executions/one/EventsTab";
import { Facts } from "@/features/executions/one/Facts";
import { FailureCard } from "@/features/executions/one/FailureCard";
import { useLiveExecution } from "@/features/executions/one/liveExecution";
import classes from "@/features/executions/one/one.module.css";
import { MetricsTab } from "@/features/executions/one/MetricsTab";
import type { NodeFigures } from "@/features/executions/one/nodeBook";
import { useNodeFigures } from "@/features/executions/one/useNodeFigures";
import { ValuesTab } from "@/features/executions/one/ValuesTab";
import { type OneSearch, type Tab, TABS } from "@/features/executions/oneSearch";
import { type ExecutionDetail, executionQuery } from "@/features/executions/queries";
import { failedName } from "@/shared/flow/calls";
import { sumOfWarnings } from "@/shared/flow/warnings";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { UnreadPage } from "@/shared/ui/Nowhere";
import { lazyPart } from "@/shared/ui/lazyPart";
import { PageHeader } from "@/shared/ui/PageHeader";
import { StateBadge } from "@/shared/ui/StateBadge";
import { useShown } from "@/shared/ui/useShown";

const GraphTab = lazyPart(() => import("@/features/executions/one/GraphTab"), "GraphTab");
const FilesTab = lazyPart(() => import("@/features/executions/one/FilesTab"), "FilesTab");
const LogTab = lazyPart(() => import("@/features/executions/one/LogTab"), "LogTab");

const route = getRouteApi("/pages/executions/$executionId");
const PARENT = { to: "/executions", label: "Executions" };
const WAITING_MILLISECONDS = 5_000;
const LOOKS: Record<Tab, { label: string; icon: Icon }> = {
  graph: { label: "Graph", icon: IconBinaryTree2 },
  log: { label: "Log", icon: IconList },
  values: { label: "Inputs and outputs", icon: IconBraces },
  files: { label: "Files", icon: IconFiles },
  metrics: { label: "Metrics", icon: IconChartLine },
  events: { label: "Events", icon: IconTimelineEvent },
};

/** One execution: what became of it, and all that it told. */
export function ExecutionPage() {
  const { executionId } = route.useParams();
  const { data, isError, error, refetch } = useQuery({
    ...executionQuery(executionId),
    refetchInterval: ({ state }) => (state.data?.waiting ? WAITING_MILLISECONDS : false),
  });
  if (data !== undefined) return <Execution key={executionId} execution={data} />;
  if (isError) {
    return <UnreadPage error={error} onRetry={() => void refetch()} to="/executions" label="All executions" />;
  }
  return (
    <>
      <PageHeader title="Execution" parent={PARENT} />
      <Skeleton height={480} />
    </>
  );
}

function Execution({ execution }: { execution: ExecutionDetail }) {
  const { tab = "graph", node, file } = route.useSearch();
  const navigate = route.useNavigate();
  const go = (change: OneSearch) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const choose = (id: string | undefined) => go({ node: id });
  const showNode = (id: string) => go({ tab: "graph", node: id });
  const live = useLiveExecution(execution);
  const figures = useNodeFigures(execution, live);
  const failed = useMemo(() => failedIn(execution, figures), [execution, figures]);
  useShown("execution", true);
  return (
    <>
      <PageHeader
        tab={execution.workflow_name}
        title={
          <span className={classes.title}>
            <span className={classes.truncated} title={execution.workflow_name}>
              {execution.workflow_name}
            </span>
            <StateBadge state={execution.state} size="md" />
          </span>
        }
        parent={PARENT}
        subtitle={
          <Facts
            execution={execution}
            warnings={sumOfWarnings(Object.values(figures))}
            onWarnings={() => go({ tab: "log" })}
          />
        }
        actions={<Actions execution={execution} />}
      />
      <Stack gap="sm">
        {execution.waiting && (
          <Alert color="blue" icon={<IconHourglass size={18} />} py="xs" title="Waiting">
            {execution.waiting.message}
          </Alert>
        )}
        <FailureCard execution={execution} node={failed} onNode={showNode} />
        <Tabs
          value={tab}
          onChange={(value) => go({ tab: TABS.find((name) => name === value) ?? "graph" })}
          keepMounted={false}
        >
          <Tabs.List mb="sm">
            {TABS.map((name) => {
              const { label, icon: Picture } = LOOKS[name];
              return (
                <Tabs.Tab key={name} value={name} leftSection={<Picture size={15} aria-hidden />}>
                  {label}
                </Tabs.Tab>
              );
            })}
          </Tabs.List>
          <Panel name="graph">
            <GraphTab {...{ execution, figures, failed, live, node }} onNode={choose} />
          </Panel>
          <Panel name="log">
            <LogTab execution={execution} live={live} onNode={showNode} />
          </Panel>
          <Panel name="values">
            <ValuesTab execution={execution} />
          </Panel>
          <Panel name="files">
            <FilesTab execution={execution} file={file} onFile={(id) => go({ file: id })} />
          </Panel>
          <Panel name="metrics">
            <MetricsTab execution={execution} />
          </Panel>
          <Panel name="events">
            <EventsTab execution={execution} onNode={showNode} />
          </Panel>
        </Tabs>
      </Stack>
    </>
  );
}

function failedIn({ failure }: ExecutionDetail, figures: Readonly<Record<string, NodeFigures>>): string | null {
  if (failure === null) return null;
  const failed = Object.entries(figures).filter(([, { state }]) => state === "failed");
  return failedName(
    failure,
    failed.map(([name]) => name),
  );
}

function Panel({ name, children }: { name: Tab; children: ReactNode }) {
  return (
    <Tabs.Panel value={name}>
      <ErrorBoundary what={LOOKS[name].label} waiting={<Skeleton height={480} />}>
        {children}
      </ErrorBoundary>
    </Tabs.Panel>
  );
}
