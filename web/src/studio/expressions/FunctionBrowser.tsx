import { Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { LanguageFunction } from "@/studio/expressions/names";
import classes from "@/studio/expressions/browser.module.css";

/** All functions of the language, by group, with their help. A click writes a call. */
export function FunctionBrowser({
  functions,
  onChoose,
}: {
  functions: readonly LanguageFunction[];
  onChoose: (name: string) => void;
}) {
  const [search, setSearch] = useState("");
  const groups = useMemo(() => grouped(functions, search.trim().toLowerCase()), [functions, search]);
  return (
    <>
      <TextInput
        size="xs"
        aria-label="Search functions"
        placeholder="Search functions"
        leftSection={<IconSearch size={14} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {groups.size === 0 && (
        <Text size="xs" c="var(--exekra-quiet)" p="sm">
          No function matches.
        </Text>
      )}
      {[...groups].map(([group, entries]) => (
        <div key={group} className={classes.group}>
          <h3 className={classes.heading}>{group.charAt(0).toUpperCase() + group.slice(1)}</h3>
          {entries.map(({ name, signature, summary, examples }) => (
            <UnstyledButton
              key={name}
              className={classes.item}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onChoose(name)}
            >
              <span className={classes.signature} title={signature}>
                {withoutTypes(signature)}
              </span>
              <span className={classes.summary}>{summary}</span>
              {examples[0] && <span className={classes.example}>{examples[0]}</span>}
            </UnstyledButton>
          ))}
        </div>
      ))}
    </>
  );
}

/** The functions by group; those that a search finds by their name in a group of their own, before the others. */
function grouped(functions: readonly LanguageFunction[], search: string): Map<string, LanguageFunction[]> {
  const groups = new Map<string, LanguageFunction[]>();
  const add = (group: string, entry: LanguageFunction) => groups.set(group, [...(groups.get(group) ?? []), entry]);
  const named = (entry: LanguageFunction) => [entry.name, ...entry.aliases].some((name) => name.includes(search));
  if (search === "") for (const entry of functions) add(entry.group, entry);
  else {
    for (const entry of functions) if (named(entry)) add("Found by name", entry);
    for (const entry of functions)
      if (!named(entry) && entry.summary.toLowerCase().includes(search)) add("Found in the description", entry);
  }
  return groups;
}

/** `replace(text: text, old: text, new: text) -> text` as `replace(text, old, new)`. */
function withoutTypes(signature: string): string {
  const open = signature.indexOf("(") + 1;
  const parameters = signature.slice(open, signature.lastIndexOf(")"));
  const names = parameters.split(/, (?=\*?\w+: )/).map((parameter) => parameter.split(":", 1)[0]);
  return `${signature.slice(0, open)}${names.join(", ")})`;
}
