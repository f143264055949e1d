import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, dataOf } from "@/shared/api/client";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

interface Props {
  workflow: { id: string; name: string };
  onClose: () => void;
  onMade: (id: string) => void;
}

/** Make a new workflow of a workflow's newest version. */
export function DuplicateForm({ workflow, onClose, onMade }: Props) {
  const queries = useQueryClient();
  const form = useForm({ initialValues: { name: `${workflow.name} (copy)`.slice(0, 200) } });
  const duplicate = useMutation({
    mutationFn: (body: typeof form.values) =>
      dataOf(
        api.POST("/api/workflows/{workflow_id}/duplicate", { params: { path: { workflow_id: workflow.id } }, body }),
      ),
    onSuccess: async (saved) => {
      onClose();
      onMade(saved.workflow.id);
      await queries.invalidateQueries({ queryKey: ["workflows"] });
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => duplicate.mutate(values))}>
      <Stack>
        {duplicate.isError && <ErrorPanel error={duplicate.error} />}
        <TextInput
          label="Name of the copy"
          description="It starts with the newest version, as a draft."
          required
          maxLength={200}
          data-autofocus
          {...form.getInputProps("name")}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={duplicate.isPending}>
            Duplicate
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
