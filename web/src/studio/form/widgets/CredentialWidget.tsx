import { TextInput } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { credentialName } from "@/shared/flow/template";
import { inputProps, type WidgetProps } from "@/studio/form/widgets/widget";

/** The name of a secret. Its value is filled in when the node runs, and is never part of the workflow. */
export function CredentialWidget(props: WidgetProps) {
  const { value, onChange } = props;
  const name = typeof value === "string" ? (credentialName(value) ?? "") : "";
  return (
    <TextInput
      {...inputProps(props)}
      value={name}
      leftSection={<IconLock size={14} aria-hidden />}
      placeholder="The credential's name"
      onChange={(event) => {
        // Braces would end the reference.
        const typed = event.currentTarget.value.replace(/[{}]/g, "");
        onChange(typed.trim() === "" ? undefined : `{{credential:${typed}}}`);
      }}
    />
  );
}
