import { Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { TemplateInput } from "@/studio/expressions/TemplateInput";
import { emptied, inputProps, type WidgetProps } from "@/studio/form/widgets/widget";

interface TextFieldProps extends WidgetProps {
  multiline?: boolean;
  icon?: ReactNode;
  placeholder?: string;
  onLeave?: () => void;
}

/** A text: with expressions in braces, or plain where braces mean nothing. */
export function TextField(props: TextFieldProps) {
  const { value, onChange, fallback, label, describedBy, path, invalid, readOnly, multiline = false, icon } = props;
  const { autoFocus, onLeave } = props;
  const text = typeof value === "string" ? value : value === undefined || value === null ? "" : String(value);
  const change = (typed: string) => onChange(typed === "" ? emptied(props) : typed);
  const placeholder = typeof fallback === "string" && fallback !== "" ? fallback : props.placeholder;
  if (props.plain) {
    const shared = {
      ...inputProps(props),
      value: text,
      ...(placeholder !== undefined && { placeholder }),
      onChange: (event: { currentTarget: { value: string } }) => change(event.currentTarget.value),
    };
    return multiline ? <Textarea {...shared} autosize minRows={3} /> : <TextInput {...shared} />;
  }
  return (
    <TemplateInput
      {...{
        value: text,
        onChange: change,
        label,
        describedBy,
        placeholder,
        multiline,
        invalid,
        readOnly,
        icon,
        autoFocus,
      }}
      {...(onLeave && { onLeave })}
      field={path.split(".", 1)[0]}
    />
  );
}
