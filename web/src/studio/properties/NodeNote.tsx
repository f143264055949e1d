import { Textarea } from "@mantine/core";
import { memo } from "react";
import { itemOf } from "@/shared/flow/records";
import { useForm } from "@/studio/form/formContext";
import { Section } from "@/studio/form/Section";
import { setSettings } from "@/studio/model/edits/fields";
import { useEditor, useEditorActions } from "@/studio/state/editor";

/** What somebody wrote about the step. */
export const NodeNote = memo(function NodeNote({ id }: { id: string }) {
  const { readOnly } = useForm();
  const { perform } = useEditorActions();
  const note = useEditor(({ flow }) => itemOf(flow.layout.texts, id) ?? "");
  return (
    <Section name="note" title="Note" forced={note !== ""}>
      <Textarea
        size="xs"
        aria-label="Note"
        placeholder="Why this step is here, for the next person who reads the workflow."
        autosize
        minRows={2}
        maxRows={10}
        value={note}
        disabled={readOnly}
        onChange={(event) => perform(setSettings(id, { note: event.currentTarget.value }))}
      />
    </Section>
  );
});
