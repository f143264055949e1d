import { Button, FileButton, Group, Stack, Text, Textarea } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { told } from "@/shared/ui/told";
import { useDroppedFile } from "@/shared/ui/useDroppedFiles";
import { useStudio } from "@/studio/core/studio";
import { importText } from "@/studio/state/importText";

/** Puts a file in the place of what is edited. Undo brings that back, and it is not a version until it is saved. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { store, canvas } = useStudio();
  const [file, setFile] = useState<File | null>(null);
  const [text, setText] = useState("");
  useDroppedFile(setFile);
  const bringIn = useMutation({
    mutationFn: () => importText(store, file ?? text),
    onSuccess: () => {
      onClose();
      canvas.current?.fit();
      told("The file was imported. Undo brings back what was there.");
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        bringIn.mutate();
      }}
    >
      <Stack>
        {bringIn.isError && <ErrorPanel error={bringIn.error} />}
        <Text size="sm">
          The file replaces what you are editing. Nothing is saved yet, and Undo brings back what was there.
        </Text>
        <Group gap="sm" wrap="nowrap">
          <FileButton onChange={setFile} accept=".yaml,.yml,.json">
            {(props) => (
              <Button variant="default" leftSection={<IconFileUpload size={16} />} data-autofocus {...props}>
                {file === null ? "Choose a file" : "Choose another one"}
              </Button>
            )}
          </FileButton>
          <Text size="sm" truncate title={file?.name}>
            {file?.name ?? "A .flow.yaml or .flow.json file, or drop one here"}
          </Text>
        </Group>
        {file === null && (
          <Textarea
            label="Or paste its text"
            placeholder={"format: exekra.flow/1\nname: …"}
            rows={6}
            spellCheck={false}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "0.8125rem" } }}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={bringIn.isPending} disabled={file === null && text.trim() === ""}>
            Import
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
