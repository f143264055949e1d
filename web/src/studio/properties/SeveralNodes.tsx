import { Checkbox } from "@mantine/core";
import { useMemo } from "react";
import { itemOf } from "@/shared/flow/records";
import { FormContext, type FormState } from "@/studio/form/formContext";
import classes from "@/studio/properties/PropertiesPanel.module.css";
import { SecondsInput } from "@/studio/form/SecondsInput";
import { setSettings, type Settings } from "@/studio/model/edits/fields";
import { useEditor, useEditorActions } from "@/studio/state/editor";

/** What can be set for several steps at once. */
export function SeveralNodes({ ids }: { ids: readonly string[] }) {
  const { perform } = useEditorActions();
  const flow = useEditor((state) => state.flow);
  const readOnly = useEditor((state) => state.readOnly);
  const nodes = ids.flatMap((id) => itemOf(flow.nodes, id) ?? []);
  const state = useMemo((): FormState => ({ readOnly, problems: [], variables: [], called: null }), [readOnly]);
  const set = (settings: Settings) => perform(setSettings(ids, settings));
  const enabled = nodes.filter((node) => node.enabled ?? true).length;
  const goingOn = nodes.filter((node) => node.continue_on_error).length;
  const timeouts = new Set(nodes.map((node) => node.timeout));
  return (
    <FormContext value={state}>
      <header className={classes.head}>
        <h2 className={classes.kind}>{nodes.length} steps selected</h2>
        <div className={classes.quiet}>Settings here apply to all of them.</div>
      </header>
      <div className={classes.fields} style={{ padding: 14 }}>
        <Checkbox
          size="xs"
          label="Enabled"
          checked={enabled === nodes.length}
          indeterminate={enabled > 0 && enabled < nodes.length}
          disabled={readOnly}
          onChange={() => set({ enabled: enabled < nodes.length })}
        />
        <Checkbox
          size="xs"
          label="Continue when a step fails"
          checked={goingOn === nodes.length}
          indeterminate={goingOn > 0 && goingOn < nodes.length}
          disabled={readOnly}
          onChange={() => set({ continue_on_error: goingOn < nodes.length })}
        />
        <SecondsInput
          label="Time limit for one attempt"
          value={timeouts.size === 1 ? [...timeouts][0] : undefined}
          placeholder={timeouts.size === 1 ? "No limit" : "Differs"}
          onChange={(timeout) => set({ timeout: timeout ?? null })}
        />
      </div>
    </FormContext>
  );
}
