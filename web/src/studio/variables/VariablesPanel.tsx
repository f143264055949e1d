import { Button, Table, VisuallyHidden } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useMemo } from "react";
import { ExpressionPlaceProvider } from "@/studio/expressions/ExpressionPlaceProvider";
import { FormContext, type FormState } from "@/studio/form/formContext";
import { useStableKeys } from "@/studio/form/stableKeys";
import { usesOf } from "@/studio/model/references";
import { useEditor } from "@/studio/state/editor";
import { DeclarationRow } from "@/studio/variables/DeclarationRow";
import { declarationsOf, type Section, SECTIONS } from "@/studio/variables/declarations";
import { useAddDeclaration } from "@/studio/variables/useAddDeclaration";
import classes from "@/studio/variables/variables.module.css";

const ORDER: readonly Section[] = ["variables", "inputs", "outputs"];
const PAUSE_MILLISECONDS = 400;

/** All variables, inputs and outputs: names, types, values, what they are for and where they are used. */
export function VariablesPanel() {
  const readOnly = useEditor((state) => state.readOnly);
  const all = useEditor((state) => state.problems);
  const state = useMemo(
    (): FormState => ({ readOnly, problems: all.filter(({ node }) => !node), variables: [], called: null }),
    [readOnly, all],
  );
  return (
    <FormContext value={state}>
      <ExpressionPlaceProvider node={null}>
        <div className={classes.panel}>
          {ORDER.map((section) => (
            <Declarations key={section} section={section} />
          ))}
        </div>
      </ExpressionPlaceProvider>
    </FormContext>
  );
}

function Declarations({ section }: { section: Section }) {
  const flow = useEditor((state) => state.flow);
  const catalogue = useEditor((state) => state.catalogue);
  const readOnly = useEditor((state) => state.readOnly);
  const [settled] = useDebouncedValue(flow, PAUSE_MILLISECONDS);
  const add = useAddDeclaration();
  const { title, noun, empty } = SECTIONS[section];
  const names = Object.keys(declarationsOf(flow, section));
  const keys = useStableKeys(names);
  const uses = useMemo(
    () =>
      new Map(
        section === "outputs"
          ? []
          : Object.keys(declarationsOf(settled, section)).map((name) => [name, usesOf(settled, catalogue, name)]),
      ),
    [section, settled, catalogue],
  );
  return (
    <section aria-label={title} className={classes.section}>
      <div className={classes.heading}>
        <h3 className={classes.title}>{title}</h3>
        {!readOnly && (
          <Button variant="subtle" size="compact-xs" leftSection={<IconPlus size={14} />} onClick={() => add(section)}>
            Add {noun}
          </Button>
        )}
      </div>
      {names.length === 0 ? (
        <p className={classes.empty}>{empty}</p>
      ) : (
        <Table className={classes.table} verticalSpacing={4} aria-label={title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th style={{ width: "17%" }}>Name</Table.Th>
              <Table.Th style={{ width: 120 }}>Type</Table.Th>
              <Table.Th style={{ width: "32%" }}>{section === "outputs" ? "Value" : "Default"}</Table.Th>
              <Table.Th>Description</Table.Th>
              {section !== "outputs" && <Table.Th style={{ width: 110 }}>Used</Table.Th>}
              <Table.Th style={{ width: 40 }}>
                <VisuallyHidden>Delete</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {names.map((name) => (
              <DeclarationRow key={keys.get(name)} section={section} name={name} uses={uses.get(name) ?? null} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}
