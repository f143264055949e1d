import { Button, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { Entrance } from "@/features/session/Entrance";
import { api } from "@/shared/api/client";
import { sessionQuery } from "@/shared/session/session";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { PasswordField } from "@/shared/ui/PasswordField";

const SHORTEST_PASSWORD = 8;

/** Make the first administrator of a new Hub, who is signed in at once. */
export function FirstAdminPage() {
  const router = useRouter();
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { name: "", email: "", password: "", again: "" },
    validate: {
      password: (value) => (value.length < SHORTEST_PASSWORD ? `Use at least ${SHORTEST_PASSWORD} characters.` : null),
      again: (value, values) => (value === values.password ? null : "The two passwords do not match."),
    },
  });
  const create = useMutation({
    mutationFn: async ({ name, email, password }: typeof form.values) => {
      await api.POST("/api/bootstrap", { body: { name, email, password } });
      return api.POST("/api/session", { body: { email, password } });
    },
    onSuccess: async ({ data }) => {
      queries.setQueryData(sessionQuery.queryKey, data?.user ?? null);
      await router.navigate({ to: "/" });
    },
  });
  useEffect(() => {
    document.title = "First administrator · Exekra";
  }, []);
  return (
    <Entrance title="Welcome to Exekra" text="Create the first administrator. You can add other users afterwards.">
      <form onSubmit={form.onSubmit((values) => create.mutate(values))}>
        <Stack>
          {create.isError && <ErrorPanel error={create.error} />}
          <TextInput label="Your name" autoComplete="name" autoFocus required {...form.getInputProps("name")} />
          <TextInput label="E-mail" type="email" autoComplete="username" required {...form.getInputProps("email")} />
          <PasswordField
            label="Password"
            description={`At least ${SHORTEST_PASSWORD} characters`}
            autoComplete="new-password"
            required
            {...form.getInputProps("password")}
          />
          <PasswordField
            label="Repeat the password"
            autoComplete="new-password"
            required
            {...form.getInputProps("again")}
          />
          <Button type="submit" loading={create.isPending}>
            Create administrator
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
