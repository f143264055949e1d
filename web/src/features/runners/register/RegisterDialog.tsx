import { Button, Group, Modal, Stack, TagsInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Connect } from "@/features/runners/register/Connect";
import { TypeChoice } from "@/features/runners/TypeChoice";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { labelsProblem } from "@/shared/format/labels";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { RUNNERS } from "@/shared/runners/queries";

/** Register a Runner: name it, take its secret, start it, see it connect. */
export function RegisterDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [registered, setRegistered] = useState<Schemas["RegisteredRunner"] | null>(null);
  const close = () => {
    onClose();
    setRegistered(null);
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      size={registered === null ? "md" : "xl"}
      title={registered === null ? "Register a Runner" : `Connect ${registered.name}`}
      closeOnClickOutside={registered === null}
    >
      {registered === null ? (
        <RegisterForm onDone={setRegistered} onCancel={close} />
      ) : (
        <Connect runner={registered} onClose={close} />
      )}
    </Modal>
  );
}

interface FormProps {
  onDone: (runner: Schemas["RegisteredRunner"]) => void;
  onCancel: () => void;
}

function RegisterForm({ onDone, onCancel }: FormProps) {
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { name: "", type: "UNATTENDED" as Schemas["RunnerType"], labels: [] as string[] },
    validate: { labels: labelsProblem },
  });
  const register = useMutation({
    mutationFn: (body: typeof form.values) => dataOf(api.POST("/api/runners", { body })),
    onSuccess: async (runner) => {
      onDone(runner);
      await queries.invalidateQueries({ queryKey: RUNNERS });
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => register.mutate(values))}>
      <Stack>
        {register.isError && <ErrorPanel error={register.error} />}
        <TextInput
          label="Name"
          description="A name for the machine, such as Accounting 1."
          required
          maxLength={100}
          data-autofocus
          {...form.getInputProps("name")}
        />
        <TypeChoice value={form.values.type} onChange={(type) => form.setFieldValue("type", type)} />
        <TagsInput
          label="Labels"
          description="Executions can ask for these, such as excel or finance. Press Enter after each one."
          maxTags={50}
          {...form.getInputProps("labels")}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={register.isPending}>
            Register
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
