import "@mantine/dates/styles.css";
import { Group } from "@mantine/core";
import { DateInput, TimeInput } from "@mantine/dates";
import { readDay } from "@/shared/format/dates";
import { inputProps, type WidgetProps } from "@/studio/form/widgets/widget";

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(.*))?$/;

/** A day, with a time of day where one is wanted. Kept in ISO form: `2026-11-20` or `2026-11-20T14:30:00`. */
export function DateWidget(props: WidgetProps) {
  const { value, fallback, onChange, label } = props;
  const found = ISO.exec(typeof value === "string" ? value : "");
  const day = found?.[1] ?? null;
  const time = found?.[2] ?? "";
  const zone = found?.[3] ?? "";
  const needsTime = !JSON.stringify(props.shape.schema).includes(
    '"date"',
    JSON.stringify(props.shape.schema).indexOf("format"),
  );
  const write = (newDay: string | null, newTime: string) => {
    if (newDay === null) return onChange(undefined);
    const clock = newTime === "" && needsTime ? "00:00" : newTime;
    onChange(clock === "" ? newDay : `${newDay}T${clock.length === 5 ? `${clock}:00` : clock}${zone}`);
  };
  return (
    <Group gap={6} wrap="nowrap">
      <DateInput
        {...inputProps(props)}
        flex={1}
        value={day}
        onChange={(chosen) => write(chosen, time)}
        valueFormat="YYYY-MM-DD"
        dateParser={readDay}
        placeholder={typeof fallback === "string" ? fallback : "2026-11-20"}
        clearable
      />
      <TimeInput
        {...inputProps(props)}
        autoFocus={false}
        aria-label={`${label}, time of day`}
        value={time}
        disabled={props.readOnly || day === null}
        onChange={(event) => write(day, event.currentTarget.value)}
      />
    </Group>
  );
}
