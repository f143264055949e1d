import { Autocomplete, Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { shapeProblem } from "@/studio/model/names";
import type { FieldProps } from "@/studio/form/Field";
import { useForm, useProblemsAt } from "@/studio/form/formContext";

/** The name of a variable: one that is declared, or a new one that can be declared on the spot. */
export function VariableField({ entry, value, onChange, describedBy }: FieldProps & { describedBy: string }) {
  const { readOnly, variables, declareVariable } = useForm();
  const invalid = useProblemsAt(entry.name).some(({ severity }) => severity === "error");
  const name = typeof value === "string" ? value : "";
  const missing = name !== "" && !variables.includes(name) && shapeProblem(name) === null;
  return (
    <>
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
      {missing && declareVariable && !readOnly && (
        <Button
          size="compact-xs"
          variant="light"
          leftSection={<IconPlus size={13} />}
          style={{ alignSelf: "flex-start" }}
          onClick={() => declareVariable(name)}
        >
          Declare the variable {name}
        </Button>
      )}
    </>
  );
}
