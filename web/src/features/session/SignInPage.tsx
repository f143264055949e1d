import { Button, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { Entrance } from "@/features/session/Entrance";
import { safeNext } from "@/features/session/safeNext";
import { api } from "@/shared/api/client";
import { sessionQuery } from "@/shared/session/session";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { PasswordField } from "@/shared/ui/PasswordField";

const route = getRouteApi("/sign-in");

/** Sign in, and go on to where one was led from. */
export function SignInPage() {
  const { next } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  const form = useForm({ initialValues: { email: "", password: "" } });
  const signIn = useMutation({
    mutationFn: (values: typeof form.values) => api.POST("/api/session", { body: values }),
    onSuccess: async ({ data }) => {
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, data?.user ?? null);
      await router.navigate({ href: safeNext(next) });
    },
  });
  useEffect(() => {
    document.title = "Sign in · Exekra";
  }, []);
  return (
    <Entrance title="Sign in to Exekra">
      <form onSubmit={form.onSubmit((values) => signIn.mutate(values))}>
        <Stack>
          {signIn.isError && <ErrorPanel error={signIn.error} />}
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            autoFocus
            required
            {...form.getInputProps("email")}
          />
          <PasswordField
            label="Password"
            autoComplete="current-password"
            required
            {...form.getInputProps("password")}
          />
          <Button type="submit" loading={signIn.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
