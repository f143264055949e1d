import { Select } from "@mantine/core";

const TAGS = [
  "bg cs da de-AT de-CH de-DE el en-AU en-CA en-GB en-IE en-IN en-US en-ZA es-ES es-MX et fi fr-BE fr-CA fr-CH fr-FR hr",
  "hu it-CH it-IT ja ko lt lv nb nl-BE nl-NL pl pt-BR pt-PT ro ru sk sl sv tr uk zh-CN zh-TW",
].flatMap((line) => line.split(" "));
const NAMES = new Intl.DisplayNames("en", { type: "language" });
const DAY = new Date(2026, 11, 31);

interface Props {
  /** A language tag; null is the browser's. */
  value: string | null;
  disabled: boolean;
  onChange: (tag: string | null) => void;
}

/** The language by whose rules numbers and dates in fields are read, with an example of each. */
export function LocaleChoice({ value, disabled, onChange }: Props) {
  const tags = value === null || TAGS.includes(value) ? TAGS : [value, ...TAGS];
  const data = tags.map((tag) => ({ value: tag, label: labelOf(tag) }));
  return (
    <Select
      label="Numbers and dates"
      description="How you write numbers and dates in fields."
      placeholder={`Same as the browser: ${labelOf(navigator.language)}`}
      clearable
      searchable
      nothingFoundMessage="No such language"
      data={data.toSorted((one, other) => one.label.localeCompare(other.label))}
      value={value}
      disabled={disabled}
      onChange={onChange}
    />
  );
}

function labelOf(tag: string): string {
  const number = new Intl.NumberFormat(tag, { numberingSystem: "latn", minimumFractionDigits: 2 }).format(12_345.6);
  const day = new Intl.DateTimeFormat(tag, { numberingSystem: "latn", calendar: "gregory" }).format(DAY);
  return `${NAMES.of(tag) ?? tag}: ${number}, ${day}`;
}
