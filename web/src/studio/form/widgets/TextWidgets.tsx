import { IconFile, IconFolder } from "@tabler/icons-react";
import { AnyWidget } from "@/studio/form/widgets/AnyWidget";
import { TextField } from "@/studio/form/widgets/TextField";
import type { WidgetProps } from "@/studio/form/widgets/widget";

/** One line of text, with expressions in braces. Where a number is allowed too, which of them it is can be chosen. */
export function TextWidget(props: WidgetProps) {
  const kinds = Array.isArray(props.shape.schema.anyOf) ? props.shape.schema.anyOf : [];
  const takesNumber = kinds.some((kind) => /"(integer|number)"/.test(JSON.stringify(kind)));
  return takesNumber ? <AnyWidget {...props} kinds={["text", "number"]} /> : <TextField {...props} />;
}

/** Text of several lines. */
export function MultilineWidget(props: WidgetProps) {
  return <TextField {...props} multiline />;
}

/** A file's path. */
export function FileWidget(props: WidgetProps) {
  return <TextField {...props} icon={<IconFile size={14} aria-hidden />} placeholder="A path, such as orders.xlsx" />;
}

/** A folder's path. */
export function FolderWidget(props: WidgetProps) {
  return <TextField {...props} icon={<IconFolder size={14} aria-hidden />} placeholder="A path, such as out" />;
}
