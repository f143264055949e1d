import { Textarea } from "@mantine/core";

/** What is new in the version that is published, for those who use the workflow. */
export function ReleaseNotes({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <Textarea
      label="Release notes"
      placeholder="What is new, for those who use the workflow (optional)"
      autosize
      minRows={2}
      maxRows={8}
      maxLength={10_000}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
