import { Anchor, Code, Skeleton } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { Call } from "@/shared/flow/calls";
import type { InputEntry } from "@/shared/flow/catalogue";
import type { Json, JsonObject, Parameter } from "@/shared/flow/document";
import { itemOf } from "@/shared/flow/records";
import { useCalled } from "@/shared/flow/trail";
import { shortValue } from "@/studio/expressions/shortValue";
import { fieldOf, withInput } from "@/studio/properties/inputsOfCall";
import { Field } from "@/studio/form/Field";
import classes from "@/studio/form/Field.module.css";
import { FieldProblems } from "@/studio/form/FieldProblems";
import { focusField } from "@/studio/form/focusField";
import { useForm } from "@/studio/form/formContext";
import { isRecord } from "@/studio/form/schema";
import { RowButton } from "@/studio/form/widgets/RowButton";

interface CalledInputsProps {
  called: Call;
  /** The field that holds the values of all inputs. */
  entry: InputEntry;
  value: Json | undefined;
  onSet: (entry: InputEntry, value: Json | undefined) => void;
  /** The field that somebody was led to. */
  led: string | null;
}

/**
 * The inputs of the workflow that a step calls, a field for each. They are one field where the called workflow is not
 * known, where an expression gives them all, and where somebody wants to write one.
 */
export function CalledInputs({ called, led, ...field }: CalledInputsProps) {
  const { data, failureCount, errorUpdateCount } = useCalled(called);
  const { readOnly } = useForm();
  const [together, setTogether] = useState(false);
  const { entry, value = {}, onSet } = field;
  const element = useFocusOnceDrawn(data !== undefined, led);
  const hasFailed = failureCount + errorUpdateCount > 0;
  if (data === undefined && !hasFailed) {
    return <Skeleton height={60} role="status" aria-label="Loading the inputs of the called workflow" />;
  }
  if (data === undefined || !isRecord(value)) return <Field {...field} />;
  const declared = data.flow.inputs;
  const title = `Inputs of ${called.name}`;
  const hasInputs = Object.keys(declared).length > 0;
  return (
    <div ref={element} className={classes.group} role="group" aria-label={title} data-field={entry.name}>
      <div className={classes.head}>
        <span className={classes.title}>{title}</span>
        {hasInputs && !readOnly && (
          <Anchor component="button" type="button" size="xs" onClick={() => setTogether(!together)}>
            {together ? "One field each" : "As one value"}
          </Anchor>
        )}
      </div>
      {!hasInputs && <div className={classes.help}>No inputs</div>}
      {together ? (
        <Field {...field} />
      ) : (
        <SingleInputs place={entry.name} given={value} declared={declared} onSet={(all) => onSet(entry, all)} />
      )}
    </div>
  );
}

/** Gives the focus to the input that somebody was led to: the form looked for it while it was being fetched. */
function useFocusOnceDrawn(drawn: boolean, led: string | null) {
  const element = useRef<HTMLDivElement>(null);
  const waits = useRef(!drawn);
  useEffect(() => {
    if (!drawn || !waits.current) return;
    waits.current = false;
    if (led !== null && element.current) focusField(element.current, led);
  }, [drawn, led]);
  return element;
}

interface SingleInputsProps {
  place: string;
  given: JsonObject;
  declared: Readonly<Record<string, Parameter>>;
  onSet: (given: JsonObject | undefined) => void;
}

function SingleInputs({ place, given, declared, onSet }: SingleInputsProps) {
  const strange = Object.keys(given).filter((name) => !Object.hasOwn(declared, name));
  const shown = [...Object.keys(declared), ...strange].map((name) => `${place}.${name}`);
  const set = (name: string, value: Json | undefined) => onSet(withInput(given, name, value));
  return (
    <div className={classes.group}>
      <FieldProblems path={place} except={shown} />
      {Object.entries(declared).map(([name, parameter]) => (
        <Field
          key={name}
          entry={fieldOf(place, name, parameter)}
          type={parameter.type ?? "any"}
          value={itemOf(given, name)}
          onSet={(_, value) => set(name, value)}
        />
      ))}
      {strange.map((name) => (
        <StrangeInput key={name} {...{ place, name }} value={given[name]} onDelete={() => set(name, undefined)} />
      ))}
    </div>
  );
}

interface StrangeInputProps {
  place: string;
  name: string;
  value: Json | undefined;
  onDelete: () => void;
}

/** A value for an input that the called workflow has not: kept until somebody deletes it. */
function StrangeInput({ place, name, value, onDelete }: StrangeInputProps) {
  const { readOnly } = useForm();
  const path = `${place}.${name}`;
  return (
    <div className={classes.field} data-field={path}>
      <div className={classes.head}>
        <span className={classes.title}>
          {name}
          <span className={classes.type}>not one of its inputs</span>
        </span>
        {!readOnly && (
          <RowButton label={`Delete ${name}`} onClick={onDelete}>
            <IconTrash size={14} />
          </RowButton>
        )}
      </div>
      <Code>{shortValue(value)}</Code>
      <FieldProblems path={path} />
    </div>
  );
}
