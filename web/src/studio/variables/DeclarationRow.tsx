import { Button, Checkbox, Select, Table, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useStore } from "zustand";
import type { ValueType } from "@/shared/flow/document";
import { itemOf } from "@/shared/flow/records";
import { confirmFirst } from "@/shared/ui/confirm";
import { counted } from "@/studio/expressions/shortValue";
import { FieldProblems } from "@/studio/form/FieldProblems";
import { ValueEditor } from "@/studio/form/ValueEditor";
import { RowButton } from "@/studio/form/widgets/RowButton";
import { nameProblem, shapeProblem } from "@/studio/model/names";
import type { Use } from "@/studio/model/references";
import { useEditor, useEditorActions, useEditorStore } from "@/studio/state/editor";
import {
  changed,
  type Declaration,
  declarationsOf,
  schemaOfType,
  type Section,
  SECTIONS,
  TYPE_CHOICES,
  withType,
} from "@/studio/variables/declarations";
import { newest } from "@/studio/variables/newest";
import classes from "@/studio/variables/variables.module.css";

interface RowProps {
  section: Section;
  name: string;
  /** Where it is used; null where that is not looked for. */
  uses: readonly Use[] | null;
}

const NONE: Declaration = {};

/** One declaration. Its name is taken over when it is left, with all that use it. */
export function DeclarationRow({ section, name, uses }: RowProps) {
  const { perform } = useEditorActions();
  const readOnly = useEditor((state) => state.readOnly);
  const declaration = useEditor(({ flow }) => itemOf(declarationsOf(flow, section), name)) ?? NONE;
  const { set, noun } = SECTIONS[section];
  const change = (part: Parameters<typeof changed>[1]) => perform(set(name, changed(declaration, part)));
  return (
    <Table.Tr className={classes.row}>
      <Table.Td>
        <NameCell section={section} name={name} />
        <FieldProblems path={`${section}.${name}`} />
      </Table.Td>
      <Table.Td>
        <Select
          size="xs"
          aria-label={`Type of ${name}`}
          data={TYPE_CHOICES}
          value={declaration.type ?? "any"}
          allowDeselect={false}
          disabled={readOnly}
          onChange={(type) => type !== null && perform(set(name, withType(declaration, type as ValueType)))}
        />
      </Table.Td>
      <Table.Td>
        <ValueCell {...{ section, name, declaration, change }} />
      </Table.Td>
      <Table.Td>
        <TextInput
          size="xs"
          aria-label={`Description of ${name}`}
          placeholder="What it is for"
          value={declaration.description ?? ""}
          disabled={readOnly}
          onChange={(event) => change({ description: event.currentTarget.value || undefined })}
        />
      </Table.Td>
      {section !== "outputs" && <Table.Td>{uses !== null && <Uses noun={noun} uses={uses} name={name} />}</Table.Td>}
      <Table.Td>{!readOnly && <DeleteButton {...{ section, name, uses }} />}</Table.Td>
    </Table.Tr>
  );
}

function NameCell({ section, name }: { section: Section; name: string }) {
  const store = useEditorStore();
  const { perform } = useEditorActions();
  const readOnly = useEditor((state) => state.readOnly);
  const isNew = useStore(newest, ({ declared }) => declared?.section === section && declared.name === name);
  const [draft, setDraft] = useState<string | null>(null);
  const problemOf = (typed: string): string | null => {
    const { flow, catalogue } = store.getState();
    if (section !== "outputs") return nameProblem(flow, catalogue, typed, name);
    const taken = typed !== name && Object.hasOwn(flow.outputs, typed);
    return shapeProblem(typed) ?? (taken ? `There is already an output ${typed}.` : null);
  };
  const problem = draft === null ? null : problemOf(draft);
  const leave = () => {
    if (isNew) newest.setState({ declared: null });
    // What cannot be its name stays in the field, with the reason.
    if (draft === null || problem !== null) return;
    if (draft !== name) perform(SECTIONS[section].rename(name, draft));
    setDraft(null);
  };
  return (
    <TextInput
      size="xs"
      aria-label={`Name of the ${SECTIONS[section].noun} ${name}`}
      value={draft ?? name}
      error={problem}
      disabled={readOnly}
      spellCheck={false}
      autoFocus={isNew}
      className={classes.name}
      onFocus={(event) => isNew && event.currentTarget.select()}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") setDraft(null);
      }}
    />
  );
}

function ValueCell({
  section,
  name,
  declaration,
  change,
}: {
  section: Section;
  name: string;
  declaration: Declaration;
  change: (part: Parameters<typeof changed>[1]) => void;
}) {
  const readOnly = useEditor((state) => state.readOnly);
  const isOutput = section === "outputs";
  const type = declaration.type ?? "any";
  const editor = (
    <div className={classes.grow}>
      <ValueEditor
        schema={isOutput ? {} : schemaOfType(type)}
        value={isOutput ? declaration.value : (declaration.default ?? undefined)}
        onChange={(value) => change(isOutput ? { value } : { default: section === "inputs" ? (value ?? null) : value })}
        label={isOutput ? `Value of ${name}` : `Default of ${name}`}
        path={`${section}.${name}.${isOutput ? "value" : "default"}`}
        plain={!isOutput}
      />
    </div>
  );
  if (section !== "inputs") return editor;
  const required = declaration.default === undefined;
  return (
    <div className={classes.value}>
      <Checkbox
        size="xs"
        label="Required"
        aria-label={`${name} is required`}
        checked={required}
        disabled={readOnly}
        onChange={(event) => change({ default: event.currentTarget.checked ? undefined : null })}
      />
      {!required && editor}
    </div>
  );
}

function Uses({ uses, name, noun }: { uses: readonly Use[]; name: string; noun: string }) {
  const { select, revealNode } = useEditorActions();
  const nodes = [...new Set(uses.flatMap(({ node }) => node ?? []))];
  if (uses.length === 0) return <span className={classes.unused}>Not used</span>;
  const places = counted(uses.length, "place");
  if (nodes.length === 0) return <span className={classes.unused}>{places}</span>;
  return (
    <Button
      variant="subtle"
      size="compact-xs"
      className={classes.uses}
      aria-label={`${places}: select the steps that use the ${noun} ${name}`}
      onClick={() => (nodes.length === 1 ? revealNode(nodes[0] ?? "") : select({ nodes }))}
    >
      {places}
    </Button>
  );
}

function DeleteButton({ section, name, uses }: RowProps) {
  const { perform } = useEditorActions();
  const { noun, remove } = SECTIONS[section];
  const used = uses?.length ?? 0;
  const act = () => perform(remove(name));
  const ask = () =>
    confirmFirst({
      title: `Delete the ${noun} ${name}?`,
      text: `It is used in ${counted(used, "place")}. They will be shown as problems until you change them.`,
      label: `Delete ${noun}`,
      danger: true,
      action: async () => act(),
    });
  return (
    <RowButton label={`Delete the ${noun} ${name}`} onClick={used > 0 ? ask : act}>
      <IconTrash size={14} />
    </RowButton>
  );
}
