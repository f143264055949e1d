import { Button, Menu, Text } from "@mantine/core";
import { IconChevronDown, IconCode, IconLink } from "@tabler/icons-react";
import type { JsonObject } from "@/shared/flow/document";
import classes from "@/studio/form/ReferenceField.module.css";
import { useForm } from "@/studio/form/formContext";
import { fits, nameOfResult, referenceTo, resultOf, resultsBefore, type Result } from "@/studio/model/results";
import { useEditor } from "@/studio/state/editor";

/** How many results an empty field names by itself; the others are in its menu. */
const MOST_SUGGESTED = 3;

interface TakingProps {
  /** The schema of the input, which says what it takes. */
  schema: JsonObject;
  label: string;
  onChoose: (reference: string) => void;
}

/** The result that a field's value refers to, and nothing else; null for any other value. */
export function useReference(value: unknown): Result | null {
  const flow = useEditor((state) => (typeof value === "string" && value.startsWith("{") ? state.flow : null));
  const catalogue = useEditor((state) => state.catalogue);
  return flow === null || typeof value !== "string" ? null : resultOf(flow, catalogue, value);
}

/** A field that holds the result of another step: its name, and a menu of all that could stand here instead. */
export function ReferenceField({
  result,
  onWrite,
  ...taking
}: TakingProps & { result: Result; onWrite: () => void; describedBy: string | undefined; invalid: boolean }) {
  const { readOnly } = useForm();
  const flow = useEditor((state) => state.flow);
  const catalogue = useEditor((state) => state.catalogue);
  const { schema, label, describedBy, invalid, onChoose } = taking;
  const name = nameOfResult(flow, catalogue, result);
  return (
    <Menu position="bottom-start" withinPortal disabled={readOnly} width="target">
      <Menu.Target>
        <button
          type="button"
          className={classes.chip}
          data-invalid={invalid || undefined}
          aria-label={`${label}: ${name}`}
          aria-describedby={describedBy}
          disabled={readOnly}
        >
          <IconLink size={14} aria-hidden />
          <span className={classes.name}>{name}</span>
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        <Choices schema={schema} chosen={referenceTo(result)} onChoose={onChoose} />
        <Menu.Divider />
        <Menu.Item leftSection={<IconCode size={14} />} onClick={onWrite}>
          Write an expression
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The results that fit, as items of a menu. */
function Choices({
  schema,
  chosen,
  onChoose,
}: Pick<TakingProps, "schema" | "onChoose"> & { chosen: string | undefined }) {
  return useFitting(schema).map(({ reference, name, certain }) => (
    <Menu.RadioItem
      key={reference}
      value={reference}
      checked={reference === chosen}
      closeMenuOnClick
      className={classes.choice}
      onChange={onChoose}
    >
      {name}
      {!certain && (
        <Text span inherit c="var(--exekra-quiet)">
          , may be missing
        </Text>
      )}
    </Menu.RadioItem>
  ));
}

/** Under an empty field: what earlier steps give that fits it, each taken by a click. */
export function Suggestions({ schema, label, onChoose }: TakingProps) {
  const { readOnly } = useForm();
  const fitting = useFitting(schema);
  if (readOnly || fitting.length === 0) return null;
  return (
    <div className={classes.suggestions} role="group" aria-label={`Suggestions for ${label}`}>
      {fitting.slice(0, MOST_SUGGESTED).map(({ reference, name }) => (
        <Button
          key={reference}
          size="compact-xs"
          variant="light"
          leftSection={<IconLink size={12} />}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(reference)}
        >
          {name}
        </Button>
      ))}
      {fitting.length > MOST_SUGGESTED && (
        <Menu position="bottom-start" withinPortal>
          <Menu.Target>
            <Button size="compact-xs" variant="subtle" onMouseDown={(event) => event.preventDefault()}>
              More
            </Button>
          </Menu.Target>
          <Menu.Dropdown className={classes.menu}>
            <Choices schema={schema} chosen={undefined} onChoose={onChoose} />
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}

interface Fitting {
  readonly reference: string;
  readonly name: string;
  readonly certain: boolean;
}

/** The results of earlier steps that fit an input of the form's step, the likeliest first. */
function useFitting(schema: JsonObject): Fitting[] {
  const { node } = useForm();
  const flow = useEditor((state) => state.flow);
  const catalogue = useEditor((state) => state.catalogue);
  if (node === undefined) return [];
  return resultsBefore(flow, catalogue, node)
    .filter((result) => fits(result, { schema, name: "" }))
    .map((result) => ({
      reference: referenceTo(result),
      name: nameOfResult(flow, catalogue, result),
      certain: result.certain,
    }));
}
