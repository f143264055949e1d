import { ActionIcon, Text, Tooltip } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { memo, useCallback, useId, useMemo } from "react";
import type { InputEntry } from "@/shared/flow/catalogue";
import type { Json } from "@/shared/flow/document";
import { shortValue } from "@/studio/expressions/shortValue";
import classes from "@/studio/form/Field.module.css";
import { FieldProblems } from "@/studio/form/FieldProblems";
import { useForm } from "@/studio/form/formContext";
import { NameField } from "@/studio/form/NameField";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";
import { shapeOf } from "@/studio/form/schema";
import { ModeButton, useMode, ValueBody } from "@/studio/form/ValueEditor";
import { VariableField } from "@/studio/form/VariableField";

export interface FieldProps {
  entry: InputEntry;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
}

interface FormFieldProps {
  entry: InputEntry;
  /** The type that was declared for its value, in the language's words. */
  type?: string;
  value: Json | undefined;
  /** The same function for all fields of a form, so that only the field that changes is drawn again. */
  onSet: (entry: InputEntry, value: Json | undefined) => void;
}

/** One field of an activity: its name, its control, what it means, and what is wrong with it. */
export const Field = memo(function Field({ entry, type, value, onSet }: FormFieldProps) {
  const { readOnly } = useForm();
  const onChange = useCallback((changed: Json | undefined) => onSet(entry, changed), [onSet, entry]);
  const shape = useMemo(() => shapeOf(entry.schema), [entry.schema]);
  const plain = entry.mode !== "template";
  const choice = useMode(shape, value, entry.required, plain);
  const help = useId();
  const changed = value !== undefined;
  return (
    <div className={classes.field} data-field={entry.name}>
      <div className={classes.head}>
        <Text component="span" className={classes.title} title={entry.name}>
          {entry.title}
          {entry.required && (
            <span className={classes.required} title="Required">
              <span aria-hidden> *</span>
            </span>
          )}
          {type !== undefined && <span className={classes.type}>{type}</span>}
        </Text>
        {changed && !entry.required && !readOnly && (
          <Tooltip label={defaultWords(entry.default)} openDelay={300}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={`Reset ${entry.title}. ${defaultWords(entry.default)}`}
              onClick={() => {
                choice.setMode(shape.widget === "credential" ? "credential" : "literal");
                onChange(undefined);
              }}
            >
              <IconArrowBackUp size={13} />
            </ActionIcon>
          </Tooltip>
        )}
        {choice.choosable && !readOnly && <ModeButton {...{ choice, shape, value, onChange }} label={entry.title} />}
      </div>
      <Control {...{ entry, value, onChange, shape, choice }} describedBy={help} />
      <div id={help}>
        <FieldProblems path={entry.name} />
        {entry.description && (
          <div className={classes.help}>
            <PlainMarkup text={entry.description} />
          </div>
        )}
      </div>
    </div>
  );
});

function Control({
  entry,
  value,
  onChange,
  shape,
  choice,
  describedBy,
}: FieldProps & { shape: ReturnType<typeof shapeOf>; choice: ReturnType<typeof useMode>; describedBy: string }) {
  if (entry.mode === "variable") return <VariableField {...{ entry, value, onChange, describedBy }} />;
  if (entry.mode === "name") return <NameField {...{ entry, value, onChange, describedBy }} />;
  return (
    <ValueBody
      {...{ shape, choice, value, onChange, describedBy }}
      schema={entry.schema}
      fallback={entry.default}
      required={entry.required}
      label={entry.title}
      path={entry.name}
      plain={entry.mode === "text"}
    />
  );
}

function defaultWords(value: Json | undefined): string {
  if (value === undefined || value === null || value === "") return "Reset to empty";
  return `Reset to the default: ${shortValue(value, 40)}`;
}
