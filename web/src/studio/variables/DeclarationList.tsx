import { Button, UnstyledButton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { shortValue } from "@/studio/expressions/shortValue";
import { Section as FormSection } from "@/studio/form/Section";
import { useEditor, useEditorActions } from "@/studio/state/editor";
import { type Declaration, declarationsOf, type Section, SECTIONS } from "@/studio/variables/declarations";
import { useAddDeclaration } from "@/studio/variables/useAddDeclaration";
import classes from "@/studio/variables/variables.module.css";

const MOST_SHOWN = 30;

/** The declarations of one kind at a glance; they are edited in the panel below the canvas. */
export function DeclarationList({ section }: { section: Section }) {
  const declared = useEditor(({ flow }) => declarationsOf(flow, section));
  const readOnly = useEditor((state) => state.readOnly);
  const { openPanel } = useEditorActions();
  const add = useAddDeclaration();
  const { title, noun, empty } = SECTIONS[section];
  const names = Object.entries(declared);
  return (
    <FormSection name={section} title={title} note={names.length || undefined} open>
      {names.length === 0 && <div className={classes.none}>{empty}</div>}
      {names.slice(0, MOST_SHOWN).map(([name, declaration]) => (
        <UnstyledButton
          key={name}
          className={classes.glance}
          onClick={() => openPanel("bottom", "variables")}
          title={`Edit the ${noun} ${name}`}
        >
          <span className={classes.glanceName}>{name}</span>
          <span className={classes.glanceValue}>{told(section, declaration)}</span>
        </UnstyledButton>
      ))}
      {names.length > MOST_SHOWN && (
        <Button variant="subtle" size="compact-xs" onClick={() => openPanel("bottom", "variables")}>
          Show all {names.length}
        </Button>
      )}
      {!readOnly && (
        <Button
          variant="subtle"
          size="compact-xs"
          mt={4}
          leftSection={<IconPlus size={14} />}
          onClick={() => add(section)}
        >
          Add {noun}
        </Button>
      )}
    </FormSection>
  );
}

function told(section: Section, { type = "any", default: begins, value }: Declaration): string {
  if (section === "outputs") return value === undefined ? type : `${type}, ${shortValue(value, 40)}`;
  if (begins === undefined) return section === "inputs" ? `${type}, required` : type;
  return begins === null ? type : `${type}, ${shortValue(begins, 40)}`;
}
