import { Alert, Button, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { LastRun } from "@/features/storage/LastRun";
import { TimesForm } from "@/features/storage/TimesForm";
import { api, dataOf } from "@/shared/api/client";
import { bytes } from "@/shared/format/bytes";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { PageHeader } from "@/shared/ui/PageHeader";
import { told } from "@/shared/ui/told";

const AGAIN_MILLISECONDS = 30_000;
const AGAIN_WHILE_RUNNING_MILLISECONDS = 1_000;

/** What executions leave behind: how much of it there is, and how long it is kept. */
export function StoragePage() {
  const queries = useQueryClient();
  const storage = useQuery({
    queryKey: ["storage"],
    queryFn: ({ signal }) => dataOf(api.GET("/api/storage", { signal })),
    refetchInterval: (query) => (query.state.data?.run.running ? AGAIN_WHILE_RUNNING_MILLISECONDS : AGAIN_MILLISECONDS),
  });
  const removal = useMutation({
    mutationFn: () => dataOf(api.POST("/api/storage/retention/run")),
    onSuccess: async () => {
      told("Expired data is being removed.");
      await queries.invalidateQueries({ queryKey: ["storage"] });
    },
  });
  return (
    <>
      <PageHeader
        title="Storage"
        subtitle="What executions leave behind, and how long it is kept."
        actions={
          <Button
            variant="default"
            leftSection={<IconTrash size={16} />}
            loading={removal.isPending || storage.data?.run.running === true}
            onClick={() => removal.mutate()}
          >
            Clean up now
          </Button>
        }
      />
      <Stack>
        {removal.isError && <ErrorPanel error={removal.error} />}
        {storage.isError && <ErrorPanel error={storage.error} onRetry={() => void storage.refetch()} />}
        {storage.isPending && <Skeleton height={420} role="status" aria-label="Loading" />}
        {storage.data && (
          <>
            {storage.data.run.problem !== null && <Alert color="yellow">{storage.data.run.problem}</Alert>}
            <Paper withBorder p="md" component="section">
              <Title order={2} fz="sm" mb="sm">
                How long things are kept
              </Title>
              <TimesForm key={JSON.stringify(storage.data.times)} storage={storage.data} />
            </Paper>
            <Paper withBorder p="md" component="section">
              <Title order={2} fz="sm" mb="sm">
                Cleaning up
              </Title>
              <LastRun run={storage.data.run} />
            </Paper>
            <Text size="sm" c="var(--exekra-quiet)">
              The files of workflows use {bytes(storage.data.workflow_files_bytes)} and are kept with their versions.
              The whole database uses {bytes(storage.data.database_bytes)}. The audit log is kept forever.
            </Text>
          </>
        )}
      </Stack>
    </>
  );
}
