import { Autocomplete } from "@mantine/core";
import type { FieldProps } from "@/studio/form/Field";
import { useForm, useProblemsAt } from "@/studio/form/formContext";

/** The name of a variable: one that is declared, or another one, which the check then offers to declare. */
export function VariableField({ entry, value, onChange, describedBy }: FieldProps & { describedBy: string }) {
  const { readOnly, variables } = useForm();
  const invalid = useProblemsAt(entry.name).some(({ severity }) => severity === "error");
  const name = typeof value === "string" ? value : "";
  return (
    <Autocomplete
      size="xs"
      aria-label={entry.title}
      aria-describedby={describedBy}
      data={[...variables]}
      value={name}
      placeholder={variables.length > 0 ? "Choose a variable" : "Type a name for a new variable"}
      disabled={readOnly}
      error={invalid}
      onChange={(typed) => onChange(typed === "" ? undefined : typed)}
    />
  );
}
