import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { Callers } from "@/features/workflows/Callers";
import { refreshWorkflow, type Workflow } from "@/shared/workflows/queries";
import type { Overview } from "@/features/workflows/queries";
import { TagsField } from "@/features/workflows/TagsField";
import { api } from "@/shared/api/client";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { told } from "@/shared/ui/told";

/** Change a workflow's name, description and tags. */
export function EditForm({ workflow, onClose }: { workflow: Workflow | Overview; onClose?: () => void }) {
  const form = useForm({
    initialValues: { name: workflow.name, description: workflow.description, tags: workflow.tags },
  });
  const change = useMutation({
    mutationFn: (body: typeof form.values) =>
      api.PATCH("/api/workflows/{workflow_id}", {
        params: { path: { workflow_id: workflow.id }, query: { break_callers: true } }, // they are named below
        body,
      }),
    onSuccess: async (_answer, values) => {
      told("Saved.");
      form.resetDirty(values);
      onClose?.();
      await refreshWorkflow(workflow.id);
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <Stack>
        {change.isError && <ErrorPanel error={change.error} />}
        <TextInput
          label="Name"
          description={<Callers id={workflow.id} then="must be changed too if you rename it." linked={false} />}
          required
          maxLength={200}
          data-autofocus
          {...form.getInputProps("name")}
        />
        <Textarea
          label="Description"
          autosize
          minRows={2}
          maxRows={8}
          maxLength={10_000}
          {...form.getInputProps("description")}
        />
        <TagsField {...form.getInputProps("tags")} />
        <Group justify="flex-end" gap="xs">
          {onClose && (
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          )}
          <Button type="submit" loading={change.isPending} disabled={!form.isDirty()}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
