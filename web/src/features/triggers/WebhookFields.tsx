import { Select, Stack, Switch } from "@mantine/core";
import type { Schemas } from "@/shared/api/client";

export type WebhookSettings = Schemas["WebhookSettings"];

const FIELDS = "";

interface Props {
  /** The names of the workflow's inputs. */
  inputs: readonly string[];
  value: WebhookSettings;
  onChange: (value: WebhookSettings) => void;
}

/** What a call of a webhook means. */
export function WebhookFields({ inputs, value, onChange }: Props) {
  return (
    <Stack>
      <Select
        label="The body of a call"
        description="Inputs that a call does not give have the values below, or their defaults."
        allowDeselect={false}
        data={[
          { value: FIELDS, label: "Each field is the input of that name" },
          ...inputs.map((name) => ({ value: name, label: `All of it is the input ${name}` })),
        ]}
        value={value.body_input ?? FIELDS}
        onChange={(name) => onChange({ ...value, body_input: name === FIELDS ? null : name })}
      />
      <Switch
        label="Calls must be signed"
        description="With a secret that you give to the caller."
        checked={value.signed}
        onChange={(event) => onChange({ ...value, signed: event.currentTarget.checked })}
      />
    </Stack>
  );
}
