import { SegmentedControl, Stack } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { AttentionList } from "@/features/dashboard/AttentionList";
import classes from "@/features/dashboard/dashboard.module.css";
import { FirstSteps } from "@/features/dashboard/FirstSteps";
import { OverTime } from "@/features/dashboard/OverTime";
import { DASHBOARD, figuresQuery, USUAL } from "@/features/dashboard/queries";
import { QueueCard } from "@/features/dashboard/QueueCard";
import { Tiles } from "@/features/dashboard/Tiles";
import { RunnerTimeline } from "@/features/dashboard/timeline/RunnerTimeline";
import { WorkflowTable } from "@/features/dashboard/WorkflowTable";
import { type Range, RANGES } from "@/shared/format/ranges";
import { useLiveQueries } from "@/shared/live/useLiveQueries";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { PageHeader } from "@/shared/ui/PageHeader";
import { useShown } from "@/shared/ui/useShown";

const route = getRouteApi("/pages/");
const REFRESH_MILLISECONDS = 2_000;

/** How the platform does: what needs attention first, then the figures, each leading to what is behind it. */
export function DashboardPage() {
  const { range = USUAL } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery({ ...figuresQuery(range), placeholderData: keepPreviousData });
  useLiveQueries([...DASHBOARD, "figures"], REFRESH_MILLISECONDS);
  const figures = query.data;
  useShown("dashboard", figures !== undefined);
  return (
    <>
      <PageHeader
        title="Dashboard"
        actions={
          <SegmentedControl
            size="xs"
            aria-label="Period"
            value={range}
            onChange={(value) =>
              void navigate({ search: value === USUAL ? {} : { range: value as Range }, replace: true })
            }
            data={(Object.keys(RANGES) as Range[]).map((value) => ({ value, label: RANGES[value].short }))}
          />
        }
      />
      <Stack gap={12}>
        {query.isError && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
        {figures && <FirstSteps figures={figures} />}
        <AttentionList items={figures?.attention} />
        <Tiles figures={figures} period={RANGES[range].short} />
        <div className={classes.columns}>
          <OverTime figures={figures} />
          <QueueCard figures={figures} />
        </div>
        <WorkflowTable figures={figures} />
        <RunnerTimeline range={range} />
      </Stack>
    </>
  );
}
