import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { TagsField } from "@/features/workflows/TagsField";
import { api, dataOf } from "@/shared/api/client";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

interface Props {
  onMade: (id: string) => void;
  onClose: () => void;
}

/** Name an empty workflow. */
export function EmptyForm({ onMade, onClose }: Props) {
  const queries = useQueryClient();
  const form = useForm({ initialValues: { name: "", description: "", tags: [] as string[] } });
  const create = useMutation({
    mutationFn: (body: typeof form.values) => dataOf(api.POST("/api/workflows", { body })),
    onSuccess: async (saved) => {
      onMade(saved.workflow.id);
      await queries.invalidateQueries({ queryKey: ["workflows"] });
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => create.mutate(values))}>
      <Stack>
        {create.isError && <ErrorPanel error={create.error} />}
        <TextInput label="Name" required maxLength={200} data-autofocus {...form.getInputProps("name")} />
        <Textarea
          label="Description"
          description="What it is for."
          autosize
          minRows={2}
          maxRows={6}
          maxLength={10_000}
          {...form.getInputProps("description")}
        />
        <TagsField {...form.getInputProps("tags")} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create and open in Studio
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
