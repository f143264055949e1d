import { Select, Textarea, TextInput } from "@mantine/core";
import { FileField } from "@/shared/inputs/FileField";
import { NumberNote } from "@/shared/inputs/NumberNote";
import { isJson } from "@/shared/inputs/values";
import type { Parameter, ValueType } from "@/shared/flow/document";

interface Props {
  name: string;
  parameter: Parameter;
  text: string;
  error: string | undefined;
  onChange: (text: string) => void;
}

const HINTS: Partial<Record<ValueType, string>> = {
  duration: "Seconds, or a duration such as PT5M.",
  list: "A list as JSON.",
  object: "An object as JSON.",
  table: "Rows as JSON: a list of objects.",
  any: "Any value: JSON, or plain text.",
  file: "Choose or drop a file, or give the path of one on the Runner's machine.",
  credential: "The name of a credential.",
};

/** Sentences one after the other, whether or not their writer ended them. */
function sentences(...texts: (string | undefined)[]): string | undefined {
  const given = texts.filter((text) => text !== undefined && text !== "") as string[];
  return given.map((text) => (/[.?:]$/.test(text) ? text : `${text}.`)).join(" ") || undefined;
}

/** The field for one input of a workflow, as its type wants it. */
export function InputField({ name, parameter, text, error, onChange }: Props) {
  const type = parameter.type ?? "any";
  const common = {
    label: name,
    description: sentences(parameter.description, HINTS[type]),
    error,
    withAsterisk: parameter.default === undefined && type !== "text" && type !== "boolean",
  };
  if (type === "number") {
    return (
      <div>
        <TextInput
          {...common}
          inputMode="decimal"
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
        <NumberNote text={text} onText={onChange} />
      </div>
    );
  }
  if (type === "boolean") {
    const data = [
      { value: "true", label: "Yes" },
      { value: "false", label: "No" },
    ];
    return (
      <Select
        {...common}
        data={data}
        allowDeselect={false}
        value={text === "true" ? "true" : "false"}
        onChange={(value) => onChange(value ?? "false")}
      />
    );
  }
  if (type === "date" || type === "time") {
    return <TextInput {...common} type={type} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
  if (type === "file") return <FileField {...common} text={text} onChange={onChange} />;
  const monospace = isJson(type) ? { input: { fontFamily: "var(--mantine-font-family-monospace)" } } : {};
  return (
    <Textarea
      {...common}
      autosize
      minRows={isJson(type) ? 3 : 1}
      maxRows={10}
      styles={monospace}
      spellCheck={!isJson(type)}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
