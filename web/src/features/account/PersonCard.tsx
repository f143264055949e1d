import { Button, Group, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Card } from "@/features/account/Card";
import { api, dataOf } from "@/shared/api/client";
import { type Role, sessionQuery, useUser } from "@/shared/session/session";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { told } from "@/shared/ui/told";

const ROLES: Record<Role, string> = { OPERATOR: "Operator", DEVELOPER: "Developer", ADMIN: "Administrator" };

/** One's own name; e-mail and role are an administrator's to change. */
export function PersonCard() {
  const user = useUser();
  const queries = useQueryClient();
  const form = useForm({ initialValues: { name: user.name } });
  const rename = useMutation({
    mutationFn: (body: typeof form.values) => dataOf(api.PATCH("/api/account", { body })),
    onSuccess: (changed) => {
      queries.setQueryData(sessionQuery.queryKey, changed);
      form.resetDirty({ name: changed.name });
      told("Saved.");
    },
  });
  return (
    <Card title="You">
      <form onSubmit={form.onSubmit((values) => rename.mutate(values))}>
        <Stack>
          {rename.isError && <ErrorPanel error={rename.error} />}
          <TextInput label="Name" required maxLength={200} autoComplete="name" {...form.getInputProps("name")} />
          <SimpleGrid cols={2}>
            <TextInput label="E-mail" value={user.email} readOnly variant="filled" />
            <TextInput label="Role" value={ROLES[user.role]} readOnly variant="filled" />
          </SimpleGrid>
          <Group justify="flex-end">
            <Button type="submit" loading={rename.isPending} disabled={!form.isDirty()}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
