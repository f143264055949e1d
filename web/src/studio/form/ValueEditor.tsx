import { ActionIcon, Tooltip } from "@mantine/core";
import { IconLock, IconMathFunction } from "@tabler/icons-react";
import { useMemo, useRef, useState } from "react";
import type { Json, JsonObject } from "@/shared/flow/document";
import { withBraces } from "@/shared/flow/template";
import { afterPress } from "@/shared/ui/press";
import { TemplateInput } from "@/studio/expressions/TemplateInput";
import { type FieldMode, isOpen, modeOf } from "@/studio/form/fieldMode";
import { useForm, useProblemsAt } from "@/studio/form/formContext";
import { ReferenceField, Suggestions, useReference } from "@/studio/form/ReferenceField";
import { type Shape, shapeOf } from "@/studio/form/schema";
import { isOfText } from "@/studio/form/widgetNames";
import { JsonWidget } from "@/studio/form/widgets/JsonWidget";
import { WIDGETS } from "@/studio/form/widgets/registry";
import classes from "@/studio/form/ValueEditor.module.css";
import type { ValueEditorProps, WidgetProps } from "@/studio/form/widgets/widget";
import { kindsTaken } from "@/studio/model/results";

/** The way in which a value is being written, and the way to change it. */
export interface ModeChoice {
  mode: FieldMode;
  /** The one that the value in the document tells by itself. */
  found: FieldMode;
  setMode: (mode: FieldMode) => void;
  /** Whether somebody just chose it, so that its editor takes the focus. */
  chosen: boolean;
  /** Whether there are others to choose from. */
  choosable: boolean;
}

export function useMode(shape: Shape, value: Json | undefined, required: boolean, plain: boolean): ModeChoice {
  const [wish, setWish] = useState<FieldMode | null>(null);
  const found = plain ? plainMode(shape, value) : modeOf(shape, value, required);
  // What the document says counts more than a wish, save for what cannot be told from the document.
  const open = found === "json" || isOpen(value);
  const mode = wish === null || (open && wish === "literal") ? found : wish;
  const choosable = !plain && !isOfText(shape.widget) && shape.widget !== "any" && shape.widget !== "code";
  return { mode, found, setMode: setWish, chosen: wish !== null, choosable };
}

function plainMode(shape: Shape, value: Json | undefined): FieldMode {
  const found = modeOf(shape, value, false);
  return found === "expression" ? "literal" : found;
}

/** The editor of a value inside another one: the widget, and the button for an expression beside it. */
export function ValueEditor(props: ValueEditorProps) {
  const { schema, value, required = false, plain = false, label, onChange } = props;
  const shape = useMemo(() => shapeOf(schema), [schema]);
  const choice = useMode(shape, value, required, plain);
  const { readOnly } = useForm();
  return (
    <div className={classes.beside}>
      <div className={classes.grow}>
        <ValueBody {...props} shape={shape} choice={choice} describedBy={undefined} />
      </div>
      {choice.choosable && !readOnly && <ModeButton {...{ choice, shape, label, value, onChange }} />}
    </div>
  );
}

interface ValueBodyProps extends ValueEditorProps {
  shape: Shape;
  choice: ModeChoice;
  describedBy: string | undefined;
}

/** The control for a value in its present way: what it takes from another step, or the editor to write it. */
export function ValueBody(props: ValueBodyProps) {
  const { schema, value, onChange, label, path, describedBy, plain = false, required = false } = props;
  const takes = useMemo(() => !plain && kindsTaken({ schema }).length > 0, [schema, plain]);
  const reference = useReference(takes ? value : undefined);
  const invalid = useProblemsAt(path).some(({ severity }) => severity === "error");
  const [writes, setWrites] = useState<"no" | "now" | "next">("no");
  const element = useRef<HTMLDivElement>(null);
  if (!takes) return <WrittenValue {...props} />;
  const onChoose = (chosen: string) => {
    setWrites("no");
    onChange(chosen);
  };
  const taking = { schema, label, onChoose };
  if (reference !== null && writes === "no") {
    return (
      <ReferenceField {...taking} {...{ result: reference, describedBy, invalid }} onWrite={() => setWrites("next")} />
    );
  }
  // One editor takes the place of another while somebody writes: the field is left when none of them has the focus.
  const leave = () =>
    afterPress(() => {
      if (element.current?.contains(document.activeElement) === false) setWrites("no");
    });
  return (
    <div ref={element} onFocus={() => setWrites("now")} onBlur={leave}>
      <WrittenValue {...props} autoFocus={props.autoFocus === true || writes === "next"} />
      {required && (value === undefined || value === "") && !isSingleLine(schema) && <Suggestions {...taking} />}
    </div>
  );
}

/** Whether an input is for a short text, such as a name or an address. */
function isSingleLine(schema: JsonObject): boolean {
  return schema["x-widget"] === "text";
}

/** The control for a value that is written down. */
function WrittenValue(props: ValueBodyProps) {
  const { shape, value, onChange, label, path, describedBy, choice, plain = false } = props;
  const { readOnly } = useForm();
  const invalid = useProblemsAt(path).some(({ severity }) => severity === "error");
  if (choice.mode === "expression") {
    // Somebody who changes from a literal begins with nothing; until something is typed the literal stays.
    const begun = typeof value === "string" && (isOpen(value) || !choice.chosen || choice.found === "expression");
    return (
      <TemplateInput
        value={begun ? value : ""}
        onChange={(text) => onChange(text === "" ? undefined : text)}
        onLeave={() => {
          // What has no sensible literal stays an expression, though nothing was written.
          if (!begun && choice.found !== "expression") afterPress(() => choice.setMode("literal"));
          else if (begun && withBraces(value) !== value) onChange(withBraces(value));
        }}
        placeholder="{expression}"
        code
        wanted={shape.widget === "table" ? "table" : undefined}
        field={path.split(".", 1)[0]}
        autoFocus={(choice.chosen || props.autoFocus === true) && !readOnly}
        {...{ label, describedBy, invalid, readOnly }}
      />
    );
  }
  const Body = choice.mode === "json" ? JsonWidget : WIDGETS[shape.widget];
  const widget: WidgetProps = {
    fallback: undefined,
    required: false,
    autoFocus: false,
    ...props,
    shape,
    plain,
    invalid,
    readOnly,
    Inner: ValueEditor,
  };
  return <Body {...widget} />;
}

interface ModeButtonProps {
  choice: ModeChoice;
  shape: Shape;
  label: string;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
}

/** Changes between a plain value (or a credential) and an expression. */
export function ModeButton({ choice, shape, label, value, onChange }: ModeButtonProps) {
  const expression = choice.mode === "expression";
  const plain: FieldMode = shape.widget === "credential" ? "credential" : "literal";
  const words = expression ? (plain === "credential" ? "Use a credential" : "Use a plain value") : "Use an expression";
  const toggle = () => {
    // An expression is not a plain value, so there is none then; undo brings it back.
    if (expression && typeof value === "string") onChange(undefined);
    choice.setMode(expression ? plain : "expression");
  };
  return (
    <Tooltip label={words} openDelay={300}>
      <ActionIcon
        variant={expression ? "light" : "subtle"}
        {...(!expression && { color: "gray" })}
        size="sm"
        aria-label={`${words} for ${label}`}
        onClick={toggle}
      >
        {expression && plain === "credential" ? <IconLock size={14} /> : <IconMathFunction size={14} />}
      </ActionIcon>
    </Tooltip>
  );
}
