import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { changeFiles } from "@/features/workflows/files";
import type { Workflow } from "@/shared/workflows/queries";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

interface Props {
  workflow: Workflow;
  path: string;
  onClose: () => void;
}

/** Gives a file of a workflow another path. */
export function RenameFileForm({ workflow, path, onClose }: Props) {
  const [to, setTo] = useState(path);
  const rename = useMutation({
    mutationFn: () => changeFiles(workflow, [{ action: "rename", path, to: to.trim() }]),
    onSuccess: onClose,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        rename.mutate();
      }}
    >
      <Stack>
        {rename.isError && <ErrorPanel error={rename.error} />}
        <TextInput
          label="Path"
          description="Folders are written with /, such as templates/invoice.xlsx."
          required
          maxLength={200}
          data-autofocus
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={rename.isPending} disabled={to.trim() === "" || to.trim() === path}>
            Rename
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
