import type { CodeLanguage } from "@/shared/code/CodeEditor";
import { LazyCodeEditor } from "@/shared/code/LazyCodeEditor";
import type { WidgetProps } from "@/studio/form/widgets/widget";

const LANGUAGES: Record<string, CodeLanguage> = {
  python: "python",
  javascript: "javascript",
  json: "json",
  yaml: "yaml",
};

/** Source code. */
export function CodeWidget({ shape, value, onChange, label, describedBy, invalid, readOnly }: WidgetProps) {
  return (
    <LazyCodeEditor
      value={typeof value === "string" ? value : ""}
      {...(!readOnly && { onChange: (text: string) => onChange(text === "" ? undefined : text) })}
      language={LANGUAGES[shape.language] ?? "plain"}
      {...{ label, describedBy, invalid }}
    />
  );
}
