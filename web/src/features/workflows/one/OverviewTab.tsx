import { Box, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Callers } from "@/features/workflows/Callers";
import { LazyVersionGraph } from "@/features/workflows/LazyVersionGraph";
import classes from "@/features/workflows/one/one.module.css";
import { Figures } from "@/features/workflows/one/Figures";
import { Interface } from "@/features/workflows/one/Interface";
import { callersQuery, versionQuery, type Workflow } from "@/shared/workflows/queries";
import { moment } from "@/shared/format/time";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { RecentExecutions } from "@/shared/ui/RecentExecutions";
import { PageLink } from "@/shared/ui/links";
import { executionsOfWorkflow } from "@/shared/executions/links";
import { studioPage } from "@/shared/workflows/links";

const RECENT = 8;

/** A workflow at a glance: the picture, how it does, what it takes, and what it did lately. */
export function OverviewTab({ workflow }: { workflow: Workflow }) {
  const number = workflow.published_number ?? workflow.latest_number;
  const version = useQuery(versionQuery(workflow.id, number));
  const words = workflow.published_number === null ? `Version ${number}, a draft` : `Version ${number}, published`;
  return (
    <Stack gap="md">
      <Figures workflow={workflow} range="7d" />
      <div className={classes.overview}>
        <Paper withBorder className={classes.picture}>
          <Group justify="space-between" px="sm" py={8} className={classes.pictureHead}>
            <Title order={2} fz="sm">
              {words}
            </Title>
            <PageLink {...studioPage(workflow.id)} size="sm">
              Open in Studio
            </PageLink>
          </Group>
          <Box className={classes.pictureBody}>
            {version.isError ? (
              <ErrorPanel error={version.error} onRetry={() => void version.refetch()} />
            ) : (
              <LazyVersionGraph document={version.data?.document} />
            )}
          </Box>
        </Paper>
        <Stack gap="md">
          <Interface document={version.data?.document} />
          <CalledBy id={workflow.id} />
          <Paper withBorder p="sm">
            <Title order={2} fz="sm" mb={6}>
              History
            </Title>
            <Text size="sm" c="var(--exekra-quiet)">
              Created {moment(workflow.created_at)}
              <br />
              Changed {moment(workflow.updated_at)}
              <br />
              {workflow.latest_number} {workflow.latest_number === 1 ? "version" : "versions"}
            </Text>
          </Paper>
        </Stack>
      </div>
      <section>
        <Group justify="space-between" mb="xs">
          <Title order={2}>Recent executions</Title>
          <PageLink {...executionsOfWorkflow(workflow.id)} size="sm">
            All executions
          </PageLink>
        </Group>
        <RecentExecutions
          of={{ workflow_id: workflow.id }}
          limit={RECENT}
          empty={
            <Text size="sm" c="var(--exekra-quiet)">
              No runs yet.
            </Text>
          }
        />
      </section>
    </Stack>
  );
}

function CalledBy({ id }: { id: string }) {
  const { data: callers = [] } = useQuery(callersQuery(id));
  if (callers.length === 0) return null;
  return (
    <Paper withBorder p="sm">
      <Title order={2} fz="sm" mb={6}>
        Called by
      </Title>
      <Text size="sm">
        <Callers id={id} />
      </Text>
    </Paper>
  );
}
