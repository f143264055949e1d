import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { GivenPassword, passwordProblem } from "@/features/people/GivenPassword";
import { newPassword } from "@/features/people/newPassword";
import { api } from "@/shared/api/client";
import type { User } from "@/shared/session/session";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { told } from "@/shared/ui/told";

/** Give a user a new password. */
export function ResetPasswordDialog({ user, onClose }: { user: User | null; onClose: () => void }) {
  return (
    <Modal opened={user !== null} onClose={onClose} title="Give a new password">
      {user && <ResetPasswordForm user={user} onDone={onClose} />}
    </Modal>
  );
}

function ResetPasswordForm({ user, onDone }: { user: User; onDone: () => void }) {
  const [made, setMade] = useState(true);
  const form = useForm({ initialValues: { password: newPassword() }, validate: { password: passwordProblem } });
  const reset = useMutation({
    mutationFn: (body: typeof form.values) =>
      api.PUT("/api/users/{user_id}/password", { params: { path: { user_id: user.id } }, body }),
    onSuccess: () => {
      told(`${user.name} has a new password.`);
      onDone();
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => reset.mutate(values))}>
      <Stack>
        {reset.isError && <ErrorPanel error={reset.error} />}
        <Text size="sm">
          The old password of {user.name} ({user.email}) stops working, and all their sessions end.
        </Text>
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
          <Button type="submit" loading={reset.isPending}>
            Set this password
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
