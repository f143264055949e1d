import { PasswordInput, type PasswordInputProps, Stack, Text } from "@mantine/core";
import { IconArrowBigUpLines } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";

/** A field for a password, which says when Caps Lock is on. */
export function PasswordField(props: PasswordInputProps) {
  const [capsLock, setCapsLock] = useState(false);
  const look = (event: KeyboardEvent<HTMLInputElement>) => setCapsLock(event.getModifierState("CapsLock"));
  return (
    <Stack gap={4}>
      <PasswordInput
        visibilityToggleButtonProps={{ "aria-label": "Show the password", tabIndex: 0 }}
        {...props}
        onKeyDown={look}
        onKeyUp={look}
        onBlur={(event) => {
          setCapsLock(false);
          props.onBlur?.(event);
        }}
      />
      <Text role="status" size="xs" c="var(--exekra-quiet)" display="flex" style={{ gap: 4, alignItems: "center" }}>
        {capsLock && (
          <>
            <IconArrowBigUpLines size={14} aria-hidden />
            Caps Lock is on.
          </>
        )}
      </Text>
    </Stack>
  );
}
