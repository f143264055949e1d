import { Alert, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { CurrentWork } from "@/features/runners/one/CurrentWork";
import { Failures } from "@/features/runners/one/Failures";
import { Lacks } from "@/features/runners/one/Lacks";
import { Metrics } from "@/features/runners/one/Metrics";
import classes from "@/features/runners/one/one.module.css";
import { type Runner, runnerQuery } from "@/features/runners/one/queries";
import { RunnerFacts } from "@/features/runners/one/RunnerFacts";
import { RunnerHeader } from "@/features/runners/one/RunnerHeader";
import { useLiveQueries } from "@/shared/live/useLiveQueries";
import { usePolling } from "@/shared/live/usePolling";
import { UnreadPage } from "@/shared/ui/Nowhere";
import { RecentExecutions } from "@/shared/ui/RecentExecutions";
import { PageLink } from "@/shared/ui/links";
import { executionsOnRunner } from "@/shared/executions/links";
import { RUNNERS } from "@/shared/runners/queries";

const route = getRouteApi("/pages/runners/$runnerId");
const RECENT = 10;
const LIVE_MILLISECONDS = 1_000;
const HEARTBEAT_MILLISECONDS = 10_000;

/** One Runner: what its machine does, what it does, did and lacks. */
export function RunnerPage() {
  const { runnerId } = route.useParams();
  const runner = useQuery(runnerQuery(runnerId));
  useLiveQueries([...RUNNERS, runnerId], LIVE_MILLISECONDS);
  usePolling([...RUNNERS, runnerId], HEARTBEAT_MILLISECONDS);
  if (runner.data === undefined) {
    if (runner.isError) {
      const retry = () => void runner.refetch();
      return <UnreadPage error={runner.error} onRetry={retry} to="/runners" label="All Runners" />;
    }
    return <Loading />;
  }
  return <Loaded runner={runner.data} />;
}

function Loaded({ runner }: { runner: Runner }) {
  return (
    <>
      <RunnerHeader runner={runner} />
      {runner.problem !== null && runner.state !== "OFFLINE" && (
        <Alert color="red" icon={<IconAlertTriangle />} title="It cannot start executions right now" mb="md">
          {runner.problem} Nothing is assigned to it until then. It tries again automatically.
        </Alert>
      )}
      <div className={classes.page}>
        <Stack gap="md" miw={0}>
          <CurrentWork runner={runner} />
          <Metrics runner={runner} />
          <section>
            <div className={classes.head}>
              <Title order={2}>Recent executions</Title>
              <PageLink {...executionsOnRunner(runner.id)} size="sm">
                All executions
              </PageLink>
            </div>
            <RecentExecutions
              of={{ runner_id: runner.id }}
              limit={RECENT}
              empty={
                <Text size="sm" c="var(--exekra-quiet)">
                  No runs yet.
                </Text>
              }
            />
          </section>
        </Stack>
        <Stack gap="md" miw={0}>
          <RunnerFacts runner={runner} />
          <Lacks runner={runner} />
          <Failures failures={runner.failures} />
        </Stack>
      </div>
    </>
  );
}

function Loading() {
  return (
    <Stack role="status" aria-label="Loading">
      <Skeleton height={14} width={90} />
      <Skeleton height={28} width={280} />
      <Skeleton height={80} mt="md" />
      <Skeleton height={260} />
    </Stack>
  );
}
