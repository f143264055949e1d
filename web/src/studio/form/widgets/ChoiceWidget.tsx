import { Select } from "@mantine/core";
import { useState } from "react";
import type { Json } from "@/shared/flow/document";
import { inputProps, type WidgetProps } from "@/studio/form/widgets/widget";

const SEARCHABLE_FROM = 8;

/** One of a few values; where others are possible, what is typed counts when somebody leaves the field or presses Enter. */
export function ChoiceWidget(props: WidgetProps) {
  const { shape, value, fallback, onChange } = props;
  const labelled = (choice: Json) => {
    const key = JSON.stringify(choice);
    return { value: key, label: shape.choiceTitles.get(key) ?? choiceLabel(choice) };
  };
  const shown = value ?? fallback;
  const current = shown === undefined ? null : labelled(shown);
  const label = current?.label ?? "";
  const [search, setSearch] = useState(label);
  const [opened, setOpened] = useState(false);
  const known = shape.choices.map(labelled);
  const searchable = shape.takesOther || known.length >= SEARCHABLE_FROM;
  const data = current === null || known.some((choice) => choice.value === current.value) ? known : [...known, current];
  const typed = search !== "" && search !== label ? search : null;
  const meant = typed === null ? undefined : data.find((choice) => isMeantBy(choice, typed));
  const keep = () => {
    if (meant) onChange(JSON.parse(meant.value) as Json);
    else if (typed !== null && shape.takesOther) onChange(typed);
  };
  const isNew = typed !== null && meant === undefined && shape.takesOther;
  return (
    <Select
      {...inputProps(props)}
      data={isNew ? [...data, { value: JSON.stringify(typed), label: typed }] : data}
      searchValue={search}
      onSearchChange={setSearch}
      dropdownOpened={opened}
      onDropdownOpen={() => setOpened(true)}
      onDropdownClose={() => setOpened(false)}
      value={current?.value ?? null}
      onChange={(chosen) => chosen !== null && onChange(JSON.parse(chosen) as Json)}
      // What is typed then replaces the words of the present choice.
      onClick={(event) => searchable && typed === null && (event.currentTarget as HTMLInputElement).select()}
      onBlur={keep}
      onKeyDown={(event) => {
        // An option that the arrows led to is taken by the list itself.
        const led = event.currentTarget.getAttribute("aria-activedescendant");
        if (event.key === "Enter" && !led && !event.nativeEvent.isComposing) {
          keep();
          setOpened(false);
        }
        if (event.key === "Escape") setSearch(label);
      }}
      searchable={searchable}
      allowDeselect={false}
      placeholder="Choose"
      comboboxProps={{ withinPortal: true }}
    />
  );
}

/** Whether a typed text names a choice: by its label, or by its value, such as `;` for "Semicolon: ;". */
function isMeantBy({ value, label }: { value: string; label: string }, typed: string): boolean {
  return label.toLowerCase() === typed.toLowerCase() || value === JSON.stringify(typed);
}

/** Signs that are hard to see alone, and words of the program. */
const WORDS: Readonly<Record<string, string>> = {
  auto: "Automatic",
  ",": "Comma: ,",
  ".": "Point: .",
  "'": "Apostrophe: '",
  '"': 'Double quote: "',
  code_point: "by character code",
};

function choiceLabel(choice: Json): string {
  if (typeof choice !== "string") return choice === null ? "Nothing" : JSON.stringify(choice);
  if (Object.hasOwn(WORDS, choice)) return WORDS[choice] ?? choice;
  return /^[a-z]+(_[a-z]+)+$/.test(choice) ? choice.replaceAll("_", " ") : choice;
}
