import { Button, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import { sessionQuery, useUser } from "@/shared/session/session";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

/** Asks the user who is there already to sign in, after which all queries are asked again. */
export function SignInAgain({ onDone }: { onDone: () => void }) {
  const user = useUser();
  const queries = useQueryClient();
  const form = useForm({ initialValues: { email: user.email, password: "" } });
  const signIn = useMutation({
    mutationFn: (values: typeof form.values) => api.POST("/api/session", { body: values }),
    onSuccess: async ({ data }) => {
      queries.setQueryData(sessionQuery.queryKey, data?.user ?? null);
      onDone();
      await queries.invalidateQueries();
    },
  });
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title="Sign in again"
    >
      <form onSubmit={form.onSubmit((values) => signIn.mutate(values))}>
        <Stack>
          <Text size="sm">Your session has ended. Nothing on this page is lost.</Text>
          {signIn.isError && <ErrorPanel error={signIn.error} />}
          <TextInput label="E-mail" type="email" autoComplete="username" required {...form.getInputProps("email")} />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            autoFocus
            data-autofocus
            {...form.getInputProps("password")}
          />
          <Button type="submit" loading={signIn.isPending}>
            Sign in and continue
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
