import { TextInput } from "@mantine/core";
import { useState } from "react";
import { formatDuration, parseDuration } from "@/studio/form/duration";
import { useForm } from "@/studio/form/formContext";

/** A length of time, typed as people write it. */
export function SecondsInput({
  label,
  value,
  placeholder,
  onChange,
}: {
  label: string;
  /** In seconds. */
  value: number | undefined;
  placeholder?: string;
  onChange: (seconds: number | undefined) => void;
}) {
  const { readOnly } = useForm();
  const [draft, setDraft] = useState<string | null>(null);
  const shown = value === undefined ? "" : formatDuration(value);
  const wrong = draft !== null && draft.trim() !== "" && parseDuration(draft) === null;
  return (
    <TextInput
      size="xs"
      label={label}
      value={draft ?? shown}
      placeholder={placeholder ?? "30 s"}
      disabled={readOnly}
      error={wrong ? "Write 30, 1.5 min or 2 h, for example." : null}
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
