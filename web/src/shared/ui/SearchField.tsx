import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";

const PAUSE_MILLISECONDS = 250;

/** A text to search a list for. It is told when the typing pauses; `value` is what the address has. */
export function SearchField({
  label,
  value,
  onChange,
  width = 260,
}: {
  label: string;
  value: string | undefined;
  onChange: (text: string | undefined) => void;
  width?: number;
}) {
  const [text, setText] = useState(value ?? "");
  const [told, setTold] = useState(value);
  if (value !== told) {
    // The address changed by another way, such as "back".
    setTold(value);
    setText(value ?? "");
  }
  const tell = (next: string) => {
    const trimmed = next.trim() === "" ? undefined : next.trim();
    if (trimmed === told) return;
    setTold(trimmed);
    onChange(trimmed);
  };
  const tellLater = useDebouncedCallback(tell, PAUSE_MILLISECONDS);
  return (
    <TextInput
      size="sm"
      w={width}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text === "" ? null : (
          <CloseButton
            size="sm"
            aria-label="Clear the search"
            onClick={() => {
              setText("");
              tell("");
            }}
          />
        )
      }
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tellLater(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") tell(text);
      }}
    />
  );
}
