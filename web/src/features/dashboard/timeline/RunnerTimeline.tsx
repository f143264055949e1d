import { Portal, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { Card } from "@/features/dashboard/Card";
import { DASHBOARD, timelineQuery } from "@/features/dashboard/queries";
import { colorOfSegment, type Segment } from "@/features/dashboard/timeline/drawing";
import { Lane, type OnHover } from "@/features/dashboard/timeline/Lane";
import classes from "@/features/dashboard/timeline/timeline.module.css";
import { Key, Legend } from "@/shared/charts/Legend";
import type { Range } from "@/shared/format/ranges";
import { duration, moment, momentAs } from "@/shared/format/time";
import { useLiveQueries } from "@/shared/live/useLiveQueries";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

const REFRESH_MILLISECONDS = 10_000;
const TICKS = 5;
const LEGEND = [
  { label: "Completed", color: colorOfSegment("COMPLETED") },
  { label: "Failed", color: colorOfSegment("FAILED") },
  { label: "Stopped", color: colorOfSegment("STOPPED") },
  { label: "Running", color: colorOfSegment("RUNNING") },
  { label: "Several", color: colorOfSegment("MIXED") },
];

/** What each Runner did when. */
export function RunnerTimeline({ range }: { range: Range }) {
  const query = useQuery(timelineQuery(range));
  useLiveQueries([...DASHBOARD, "timeline"], REFRESH_MILLISECONDS);
  const [hover, setHover] = useState<Parameters<OnHover>[0]>(null);
  const { data } = query;
  const stretch = useMemo(
    () => ({ since: Date.parse(data?.since ?? ""), until: Date.parse(data?.until ?? "") }),
    [data?.since, data?.until],
  );
  return (
    <Card title="Runners" aside={<Legend series={LEGEND} />}>
      {query.isError && data === undefined && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton height={80} />}
      {data?.items.length === 0 && (
        <Text size="sm" c="var(--exekra-quiet)">
          No Runner is registered.
        </Text>
      )}
      {data !== undefined && data.items.length > 0 && (
        <div className={classes.rows}>
          {data.items.map((line) => (
            <LaneRow key={line.runner_id} line={line} stretch={stretch} onHover={setHover} />
          ))}
          <span />
          <Ticks {...stretch} days={range === "7d" || range === "30d"} />
          <span />
        </div>
      )}
      {data?.next_cursor && (
        <Text size="xs" c="var(--exekra-quiet)" mt="xs">
          The first {data.items.length} Runners by name.
        </Text>
      )}
      {hover && (
        <Portal>
          <div className={classes.hover} style={{ left: hover.x, top: hover.y }}>
            <SegmentWords segment={hover.segment} />
          </div>
        </Portal>
      )}
    </Card>
  );
}

function LaneRow({ line, stretch, onHover }: React.ComponentProps<typeof Lane>) {
  return (
    <>
      <Link className={classes.name} to="/runners/$runnerId" params={{ runnerId: line.runner_id }} title={line.name}>
        {line.name}
      </Link>
      <Lane line={line} stretch={stretch} onHover={onHover} />
      <Link
        className={classes.share}
        to="/executions"
        search={{ source: "all", runner_id: line.runner_id, since: new Date(stretch.since).toISOString() }}
        title={`Executions of ${line.name}`}
      >
        {line.utilisation === null ? "–" : `${line.utilisation.toLocaleString()} %`}
      </Link>
    </>
  );
}

const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };

function Ticks({ since, until, days }: { since: number; until: number; days: boolean }) {
  const ticks = Array.from({ length: TICKS }, (_, index) => since + ((until - since) * index) / (TICKS - 1));
  return (
    <div className={classes.axis} aria-hidden>
      {ticks.map((at) => (
        <span key={at}>{momentAs(at, days ? DAY : CLOCK)}</span>
      ))}
    </div>
  );
}

function SegmentWords({ segment }: { segment: Segment }) {
  const several = segment.executions > 1;
  const state = segment.state.charAt(0) + segment.state.slice(1).toLowerCase();
  return (
    <>
      <strong>{several ? `${segment.executions.toLocaleString()} executions` : segment.workflow_name}</strong>
      {several && segment.workflow_name && <div>{segment.workflow_name}</div>}
      <div>
        <Key color={colorOfSegment(segment.state)} label={segment.state === "MIXED" ? "Ended differently" : state} />
      </div>
      <div>{moment(segment.begins)}</div>
      <div>{duration(segment.busy_seconds)}</div>
    </>
  );
}
