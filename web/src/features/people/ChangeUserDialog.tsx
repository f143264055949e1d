import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RoleChoice } from "@/features/people/RoleChoice";
import { api } from "@/shared/api/client";
import type { User } from "@/shared/session/session";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { told } from "@/shared/ui/told";

/** Change a user's name and role. */
export function ChangeUserDialog({ user, onClose }: { user: User | null; onClose: () => void }) {
  return (
    <Modal opened={user !== null} onClose={onClose} title="Change a user">
      {user && <ChangeUserForm user={user} onDone={onClose} />}
    </Modal>
  );
}

function ChangeUserForm({ user, onDone }: { user: User; onDone: () => void }) {
  const queries = useQueryClient();
  const form = useForm({ initialValues: { name: user.name, role: user.role } });
  const change = useMutation({
    mutationFn: (body: typeof form.values) =>
      api.PATCH("/api/users/{user_id}", { params: { path: { user_id: user.id } }, body }),
    onSuccess: async () => {
      told(`${form.values.name} was changed.`);
      await queries.invalidateQueries({ queryKey: ["users"] });
      onDone();
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <Stack>
        {change.isError && <ErrorPanel error={change.error} />}
        <TextInput label="E-mail" value={user.email} readOnly variant="filled" />
        <TextInput label="Name" required maxLength={200} data-autofocus {...form.getInputProps("name")} />
        <RoleChoice value={form.values.role} onChange={(role) => form.setFieldValue("role", role)} />
        {form.values.role !== user.role && (
          <Text size="sm" c="var(--exekra-quiet)">
            Changing the role ends the user's sessions: they have to sign in again.
          </Text>
        )}
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
