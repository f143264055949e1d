import { NumberField } from "@/shared/inputs/NumberField";
import { inputProps, type WidgetProps } from "@/studio/form/widgets/widget";

/** A number with its bounds. */
export function NumberWidget(props: WidgetProps & { onText?: (text: string) => void }) {
  const { shape, value, fallback, onChange } = props;
  return (
    <NumberField
      {...inputProps(props)}
      minimum={shape.minimum}
      maximum={shape.maximum}
      whole={shape.whole}
      value={typeof value === "number" ? value : undefined}
      fallback={typeof fallback === "number" ? fallback : undefined}
      onChange={onChange}
      onText={props.onText}
    />
  );
}
