import { Textarea, TextInput } from "@mantine/core";
import { useMemo } from "react";
import { counted } from "@/studio/expressions/shortValue";
import { FormContext, type FormState } from "@/studio/form/formContext";
import classes from "@/studio/properties/PropertiesPanel.module.css";
import { setFlowProperties } from "@/studio/model/edits/declarations";
import { useEditor, useEditorActions } from "@/studio/state/editor";
import { DeclarationList } from "@/studio/variables/DeclarationList";

/** The properties of the workflow itself, for when no step is selected. */
export function FlowForm() {
  const { perform } = useEditorActions();
  const flow = useEditor((state) => state.flow);
  const savedName = useEditor((state) => state.savedFlow.name);
  const readOnly = useEditor((state) => state.readOnly);
  const state = useMemo((): FormState => ({ readOnly, problems: [], variables: [], called: null }), [readOnly]);
  return (
    <FormContext value={state}>
      <header className={classes.head}>
        <h2 className={classes.kind}>Workflow</h2>
        <div className={classes.quiet}>
          {counted(Object.keys(flow.nodes).length, "step")}. Select one on the canvas to see its fields.
        </div>
        <TextInput
          size="xs"
          label="Name"
          description={flow.name === savedName ? null : "Workflows that call it by its old name must be changed too."}
          value={flow.name}
          disabled={readOnly}
          error={flow.name.trim() === "" ? "Type a name." : null}
          onChange={(event) => perform(setFlowProperties({ name: event.currentTarget.value }))}
        />
        <Textarea
          size="xs"
          label="Description"
          placeholder="What it does, and who it is for."
          autosize
          minRows={2}
          maxRows={8}
          value={flow.description}
          disabled={readOnly}
          onChange={(event) => perform(setFlowProperties({ description: event.currentTarget.value }))}
        />
      </header>
      <DeclarationList section="inputs" />
      <DeclarationList section="outputs" />
      <DeclarationList section="variables" />
    </FormContext>
  );
}
