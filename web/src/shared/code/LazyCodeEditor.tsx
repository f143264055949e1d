import { Textarea } from "@mantine/core";
import type { CodeEditorProps } from "@/shared/code/CodeEditor";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { lazyPart } from "@/shared/ui/lazyPart";

const Editor = lazyPart(() => import("@/shared/code/CodeEditor"), "CodeEditor");

/** A code editor that is loaded when the first one is shown; until then a plain text area holds the same text. */
export function LazyCodeEditor(props: CodeEditorProps) {
  const { value, onChange, label } = props;
  const waiting = (
    <Textarea
      aria-label={label}
      value={value}
      onChange={(event) => onChange?.(event.currentTarget.value)}
      readOnly={onChange === undefined}
      minRows={3}
      autosize
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
    />
  );
  return (
    <ErrorBoundary waiting={waiting}>
      <Editor {...props} />
    </ErrorBoundary>
  );
}
