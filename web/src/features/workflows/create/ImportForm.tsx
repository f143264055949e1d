import { Button, FileButton, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import classes from "@/features/workflows/create/ImportForm.module.css";
import { importWorkflow } from "@/features/workflows/create/importWorkflow";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { told } from "@/shared/ui/told";
import { useDroppedFile } from "@/shared/ui/useDroppedFiles";

interface Props {
  onMade: (id: string) => void;
  onClose: () => void;
}

/** Import a workflow: a file, or its text. A refused one stays here, to be corrected. */
export function ImportForm({ onMade, onClose }: Props) {
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [text, setText] = useState("");
  const [name, setName] = useState("");
  const bringIn = useMutation({
    mutationFn: () => importWorkflow(file ?? text, name),
    onSuccess: async (saved) => {
      if (!saved.created) {
        told(`${saved.workflow.name} exists already: this is now its version ${saved.version.number}.`);
      }
      onMade(saved.workflow.id);
      await queries.invalidateQueries({ queryKey: ["workflows"] });
    },
  });
  const take = (chosen: File | null) => {
    setFile(chosen);
    bringIn.reset();
  };
  const over = useDroppedFile(take);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        bringIn.mutate();
      }}
    >
      <Stack>
        {bringIn.isError && <ErrorPanel error={bringIn.error} />}
        <div className={classes.drop} data-over={over || undefined}>
          <IconFileUpload size={28} stroke={1.5} aria-hidden />
          <Text size="sm" ta="center" truncate maw="100%" title={file?.name}>
            {file === null ? "Drop a .flow.yaml, .json or .zip file here" : file.name}
          </Text>
          <Group gap="xs">
            <FileButton onChange={take} accept=".yaml,.yml,.json,.zip">
              {(props) => (
                <Button size="xs" variant="default" {...props}>
                  {file === null ? "Choose a file" : "Choose another file"}
                </Button>
              )}
            </FileButton>
            {file !== null && (
              <Button size="xs" variant="subtle" onClick={() => take(null)}>
                Remove
              </Button>
            )}
          </Group>
        </div>
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
        <TextInput
          label="Name"
          description="Leave this empty to keep its name. If a workflow of that name exists, this becomes its next draft."
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={bringIn.isPending} disabled={file === null && text.trim() === ""}>
            Import and open in Studio
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
