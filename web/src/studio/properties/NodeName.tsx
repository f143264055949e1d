import { TextInput } from "@mantine/core";
import { memo, useState } from "react";
import { useForm } from "@/studio/form/formContext";
import { renameNode } from "@/studio/model/edits/rename";
import { nameProblem } from "@/studio/model/names";
import { useEditorActions, useEditorStore } from "@/studio/state/editor";

/** The step's name. It is also the name of its result, so all expressions that read it are renamed with it. */
export const NodeName = memo(function NodeName({ id }: { id: string }) {
  const store = useEditorStore();
  const { perform, select, begin, setProblems } = useEditorActions();
  const { readOnly } = useForm();
  const [draft, setDraft] = useState<string | null>(null);
  const { flow, catalogue } = store.getState();
  const problem = draft === null ? null : nameProblem(flow, catalogue, draft, id);
  const leave = () => {
    // What cannot be its name stays in the field, with the reason.
    if (draft === null || problem !== null) return;
    if (draft !== id) {
      const { problems, fresh } = store.getState();
      perform(renameNode(id, draft));
      if (fresh === id) begin(draft);
      else select({ nodes: [draft] });
      setProblems(problems.map((one) => (one.node === id ? { ...one, node: draft } : one)));
    }
    setDraft(null);
  };
  return (
    <TextInput
      size="xs"
      label="Name"
      title="Later steps read its result under this name."
      value={draft ?? id}
      error={problem}
      disabled={readOnly}
      spellCheck={false}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") setDraft(null);
      }}
    />
  );
});
