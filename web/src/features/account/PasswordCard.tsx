import { Button, Group, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Card } from "@/features/account/Card";
import { api } from "@/shared/api/client";
import { useUser } from "@/shared/session/session";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { PasswordField } from "@/shared/ui/PasswordField";
import { told } from "@/shared/ui/told";

const SHORTEST_PASSWORD = 8;

/** A new password for oneself. */
export function PasswordCard() {
  const user = useUser();
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { present: "", new: "", again: "" },
    validate: {
      new: (value) => (value.length < SHORTEST_PASSWORD ? `Use at least ${SHORTEST_PASSWORD} characters.` : null),
      again: (value, values) => (value === values.new ? null : "The two passwords do not match."),
    },
  });
  const change = useMutation({
    mutationFn: ({ present, new: next }: typeof form.values) =>
      api.PUT("/api/account/password", { body: { present, new: next } }),
    onSuccess: async () => {
      form.reset();
      told("Your password has been changed, and your other sessions have ended.");
      await queries.invalidateQueries({ queryKey: ["session-ends"] });
    },
  });
  return (
    <Card title="Password">
      <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
        <Stack>
          {change.isError && <ErrorPanel error={change.error} />}
          <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
          <PasswordField
            label="Current password"
            autoComplete="current-password"
            required
            {...form.getInputProps("present")}
          />
          <PasswordField
            label="New password"
            description={`At least ${SHORTEST_PASSWORD} characters.`}
            autoComplete="new-password"
            required
            {...form.getInputProps("new")}
          />
          <PasswordField
            label="Repeat the new password"
            autoComplete="new-password"
            required
            {...form.getInputProps("again")}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={change.isPending} disabled={!form.isDirty()}>
              Change password
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
