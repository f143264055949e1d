import { Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { formatDuration, parseDuration } from "@/studio/form/duration";
import { inputProps, type WidgetProps } from "@/studio/form/widgets/widget";

/** A length of time: typed as people write it, kept in seconds. */
export function SecondsWidget(props: WidgetProps) {
  const { value, fallback, onChange } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const shown = typeof value === "number" ? formatDuration(value) : "";
  const wrong = draft !== null && draft.trim() !== "" && parseDuration(draft) === null;
  return (
    <TextInput
      {...inputProps(props)}
      error={wrong ? "Write a duration, such as 30, 1.5 min or 2 h." : props.invalid}
      value={draft ?? shown}
      placeholder={typeof fallback === "number" ? formatDuration(fallback) : "30 s, 5 min, 1 h"}
      onFocus={() => !wrong && setDraft(shown)}
      onBlur={() => !wrong && setDraft(null)}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        setDraft(typed);
        const seconds = parseDuration(typed);
        if (seconds !== null) onChange(seconds);
        else if (typed.trim() === "") onChange(undefined);
      }}
    />
  );
}

/** Yes or no. */
export function SwitchWidget(props: WidgetProps) {
  const { value, fallback, onChange } = props;
  const on = (value ?? fallback) === true;
  return <Switch {...inputProps(props)} checked={on} label={on ? "Yes" : "No"} onChange={() => onChange(!on)} />;
}
