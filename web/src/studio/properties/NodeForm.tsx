import { Alert, Anchor, Switch } from "@mantine/core";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { calledBy } from "@/shared/flow/calls";
import type { CatalogueEntry, InputEntry } from "@/shared/flow/catalogue";
import type { FlowNode, Json } from "@/shared/flow/document";
import { EntryIcon } from "@/shared/flow/icons";
import { itemOf } from "@/shared/flow/records";
import { useSteady } from "@/shared/ui/press";
import { CalledInputs } from "@/studio/properties/CalledInputs";
import { inputEdit } from "@/studio/properties/inputEdit";
import { Field } from "@/studio/form/Field";
import { FieldProblems } from "@/studio/form/FieldProblems";
import { focusField } from "@/studio/form/focusField";
import { FormContext, type FormState } from "@/studio/form/formContext";
import { NodeName } from "@/studio/properties/NodeName";
import { NodeNote } from "@/studio/properties/NodeNote";
import { NodeResults } from "@/studio/properties/NodeResults";
import { NodeSettings } from "@/studio/properties/NodeSettings";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";
import classes from "@/studio/properties/PropertiesPanel.module.css";
import { Section } from "@/studio/form/Section";
import { groupFields, isMeaningful } from "@/studio/form/visibility";
import { setSettings } from "@/studio/model/edits/fields";
import { NAME_FIELD, shownProblems, useEditor, useEditorStore } from "@/studio/state/editor";

/** The form of one step, made from what the catalogue says of its activity. */
export function NodeForm({ id, node }: { id: string; node: FlowNode }) {
  const store = useEditorStore();
  const catalogue = useEditor((state) => state.catalogue);
  const readOnly = useEditor((state) => state.readOnly);
  const all = useEditor((state) => state.problems);
  const fresh = useEditor((state) => state.fresh);
  const declared = useEditor(({ flow }) => flow.variables);
  const reveal = useEditor((state) => state.reveal);
  const form = useRef<HTMLDivElement>(null);
  const entry = catalogue.entryOf(node);
  const [set] = useState(() => new Set(Object.keys(node.with)));
  const written = Object.keys(node.with).join(" ");
  const fields = useMemo(() => withUnknown(entry.inputs, written), [entry, written]);
  const called = useMemo(() => calledBy(node), [node]);
  const led = reveal?.node === id ? reveal.field : null;
  const { main, more } = useMemo(() => groupFields(fields, set), [fields, set]);
  const steadyId = useSteady(id);
  const state = useMemo((): FormState => {
    const own = all.filter((problem) => problem.node === id);
    const problems = shownProblems(own, fresh);
    const lacks = own.flatMap((problem) => (problems.includes(problem) ? [] : (problem.field ?? [])));
    return { readOnly, node: id, problems, lacks, variables: Object.keys(declared), called };
  }, [readOnly, all, fresh, id, declared, called]);
  useEffect(() => {
    if (reveal?.node === id && reveal.field !== null && form.current) focusField(form.current, reveal.field);
  }, [reveal, id]);
  const onSet = useCallback(
    (field: InputEntry, value: Json | undefined) => {
      const current = itemOf(store.getState().flow.nodes, id);
      if (current) store.actions.perform(inputEdit(id, current, field, value));
    },
    [store, id],
  );
  const shown = (list: readonly InputEntry[]) =>
    list
      .filter((field) => node.with[field.name] !== undefined || isMeaningful(field, fields, node.with))
      .map((field) => {
        const about = { entry: field, value: itemOf(node.with, field.name), onSet };
        return called !== null && field.name === "inputs" ? (
          <CalledInputs key={field.name} called={called} led={led} {...about} />
        ) : (
          <Field key={field.name} {...about} />
        );
      });
  const isLedTo = (list: readonly InputEntry[]) => list.some(({ name }) => led === name || led?.startsWith(`${name}.`));
  const mainFields = shown(main);
  const moreFields = shown(more);
  return (
    <FormContext value={state}>
      <div ref={form}>
        <header className={classes.head}>
          <div className={classes.titleRow}>
            <span className={classes.picture}>
              <EntryIcon entry={entry} size={18} />
            </span>
            <div className={classes.title}>
              <h2 className={classes.kind} title={entry.title}>
                {entry.title}
              </h2>
              <div className={classes.quiet}>{entry.category}</div>
            </div>
            <Switch
              size="xs"
              label="Enabled"
              labelPosition="left"
              checked={node.enabled ?? true}
              disabled={readOnly}
              onChange={(event) => store.actions.perform(setSettings(id, { enabled: event.currentTarget.checked }))}
            />
          </div>
          <div data-field={NAME_FIELD}>
            <NodeName id={id} />
          </div>
          {entry.known && <About entry={entry} />}
          {!entry.known && (
            <Alert color="yellow" p="xs">
              This Hub does not know {node.do}. The step is kept as it is; install the package that has it to run it.
            </Alert>
          )}
          <FieldProblems path={null} />
          <FieldProblems path="do" />
        </header>
        {mainFields.length > 0 && (
          <Section name="fields" title="Fields" open forced={isLedTo(main)}>
            <div className={classes.fields}>{mainFields}</div>
          </Section>
        )}
        {moreFields.length > 0 && (
          <Section title="More fields" note={moreFields.length} forced={isLedTo(more)}>
            <div className={classes.fields}>{moreFields}</div>
          </Section>
        )}
        <NodeResults id={steadyId} activity={node.do} entry={entry} />
        <NodeSettings id={id} node={node} entry={entry} led={led} />
        <NodeNote id={id} />
      </div>
    </FormContext>
  );
}

/** What the activity does: one sentence, and the rest for those who ask. */
function About({ entry }: { entry: CatalogueEntry }) {
  const [open, setOpen] = useState(false);
  return (
    <div className={classes.quiet}>
      {entry.summary}.{" "}
      {entry.description !== "" && (
        <Anchor component="button" type="button" size="xs" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Less" : "More"}
        </Anchor>
      )}
      {open && (
        <div className={classes.about}>
          <PlainMarkup text={entry.description} />
        </div>
      )}
    </div>
  );
}

/** The fields of the entry, and after them those that only this node has (`written`, parted by blanks): shown, so that they are neither hidden nor lost. */
function withUnknown(inputs: readonly InputEntry[], written: string): readonly InputEntry[] {
  const known = new Set(inputs.map(({ name }) => name));
  const strange = written.split(" ").filter((name) => name !== "" && !known.has(name));
  if (strange.length === 0) return inputs;
  const made = (name: string): InputEntry => ({
    name,
    title: name,
    description: "",
    schema: {},
    required: false,
    default: undefined,
    mode: "template",
    when: null,
  });
  return [...inputs, ...strange.map(made)];
}
