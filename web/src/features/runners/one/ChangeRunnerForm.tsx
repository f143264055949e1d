import { Button, Group, Stack, TagsInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Runner } from "@/features/runners/one/queries";
import { TypeChoice } from "@/features/runners/TypeChoice";
import { api } from "@/shared/api/client";
import { labelsProblem } from "@/shared/format/labels";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { told } from "@/shared/ui/told";
import { RUNNERS } from "@/shared/runners/queries";

/** Change a Runner's name, type and labels. */
export function ChangeRunnerForm({ runner, onDone }: { runner: Runner; onDone: () => void }) {
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { name: runner.name, type: runner.type, labels: runner.labels },
    validate: { labels: labelsProblem },
  });
  const change = useMutation({
    mutationFn: (body: typeof form.values) =>
      api.PATCH("/api/runners/{runner_id}", { params: { path: { runner_id: runner.id } }, body }),
    onSuccess: async () => {
      told("Saved.");
      onDone();
      await queries.invalidateQueries({ queryKey: RUNNERS });
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <Stack>
        {change.isError && <ErrorPanel error={change.error} />}
        <TextInput label="Name" required maxLength={100} data-autofocus {...form.getInputProps("name")} />
        <TypeChoice value={form.values.type} onChange={(type) => form.setFieldValue("type", type)} />
        <TagsInput
          label="Labels"
          description="Executions can ask for these. Press Enter after each one."
          maxTags={50}
          {...form.getInputProps("labels")}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending} disabled={!form.isDirty()}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
