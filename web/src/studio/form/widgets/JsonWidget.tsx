import { useState } from "react";
import { LazyCodeEditor } from "@/shared/code/LazyCodeEditor";
import { Text } from "@mantine/core";
import type { Json } from "@/shared/flow/document";
import type { WidgetProps } from "@/studio/form/widgets/widget";

/** Any value as JSON: for what no other widget can show. What is not JSON yet stays in the editor only. */
export function JsonWidget({ value, onChange, label, describedBy, invalid, readOnly }: WidgetProps) {
  const written = value === undefined ? "" : JSON.stringify(value, null, 2);
  const [draft, setDraft] = useState({ for: written, text: written });
  const text = draft.for === written ? draft.text : written;
  const problem = text.trim() === "" ? null : jsonProblem(text);
  const change = (typed: string) => {
    if (typed.trim() === "") onChange(undefined);
    else if (jsonProblem(typed) === null) {
      const parsed = JSON.parse(typed) as Json;
      setDraft({ for: JSON.stringify(parsed, null, 2), text: typed });
      onChange(parsed);
      return;
    }
    setDraft({ for: typed.trim() === "" ? "" : written, text: typed });
  };
  return (
    <>
      <LazyCodeEditor
        value={text}
        {...(!readOnly && { onChange: change })}
        language="json"
        invalid={invalid || problem !== null}
        {...{ label, describedBy }}
      />
      {problem && (
        <Text size="xs" c="var(--exekra-bad)" mt={2}>
          {problem}
        </Text>
      )}
    </>
  );
}

function jsonProblem(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return `This is not JSON yet: ${error instanceof Error ? error.message : "it ends too early"}.`;
  }
}
