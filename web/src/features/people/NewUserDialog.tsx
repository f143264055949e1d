import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { GivenPassword, passwordProblem } from "@/features/people/GivenPassword";
import { RoleChoice } from "@/features/people/RoleChoice";
import { api } from "@/shared/api/client";
import type { Role } from "@/shared/session/session";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { told } from "@/shared/ui/told";

/** Add a user. */
export function NewUserDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add a user" size="md">
      <NewUserForm onDone={onClose} />
    </Modal>
  );
}

function NewUserForm({ onDone }: { onDone: () => void }) {
  const queries = useQueryClient();
  const [made, setMade] = useState(false);
  const form = useForm({
    initialValues: { name: "", email: "", role: "OPERATOR" as Role, password: "" },
    validate: { password: passwordProblem },
  });
  const create = useMutation({
    mutationFn: (body: typeof form.values) => api.POST("/api/users", { body }),
    onSuccess: async (_answer, { name }) => {
      told(`${name} can sign in now.`);
      await queries.invalidateQueries({ queryKey: ["users"] });
      onDone();
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => create.mutate(values))}>
      <Stack>
        {create.isError && <ErrorPanel error={create.error} />}
        <TextInput label="Name" required maxLength={200} data-autofocus {...form.getInputProps("name")} />
        <TextInput
          label="E-mail"
          type="email"
          description="What the user signs in with."
          autoComplete="off"
          required
          {...form.getInputProps("email")}
        />
        <RoleChoice value={form.values.role} onChange={(role) => form.setFieldValue("role", role)} />
        <GivenPassword
          value={form.values.password}
          error={form.errors.password}
          made={made}
          onChange={(password, own) => {
            form.setFieldValue("password", password);
            setMade(own);
          }}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Add the user
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
