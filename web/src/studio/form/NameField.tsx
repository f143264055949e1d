import { TextInput } from "@mantine/core";
import { useState } from "react";
import { shapeProblem } from "@/studio/model/names";
import type { FieldProps } from "@/studio/form/Field";
import { useForm } from "@/studio/form/formContext";

/** A name that the body of a loop gets. It is written into the workflow when it is left, with all that use it. */
export function NameField({ entry, value, onChange, describedBy }: FieldProps & { describedBy: string }) {
  const { readOnly } = useForm();
  const [draft, setDraft] = useState<string | null>(null);
  const shown = typeof value === "string" ? value : "";
  const typed = draft ?? shown;
  const problem = draft === null || draft === "" ? null : shapeProblem(draft);
  const leave = () => {
    // What cannot be a name stays in the field, with the reason.
    if (draft === null || problem !== null) return;
    if (draft !== shown) onChange(draft === "" ? undefined : draft);
    setDraft(null);
  };
  return (
    <TextInput
      size="xs"
      aria-label={entry.title}
      aria-describedby={describedBy}
      value={typed}
      placeholder={typeof entry.default === "string" ? entry.default : "A name"}
      disabled={readOnly}
      error={problem}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === "Enter") leave();
        if (event.key === "Escape") setDraft(null);
      }}
    />
  );
}
