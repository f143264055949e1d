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
          No function is called like that.
        </Text>
      )}
      {[...groups].map(([group, entries]) => (
        <section key={group} className={classes.group} aria-label={group}>
          <h3 className={classes.heading}>{group}</h3>
          {entries.map(({ name, signature, summary, examples }) => (
            <UnstyledButton
              key={name}
              className={classes.item}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onChoose(name)}
            >
              <span className={classes.signature}>{signature}</span>
              <span className={classes.summary}>{summary}</span>
              {examples[0] && <span className={classes.example}>{examples[0]}</span>}
            </UnstyledButton>
          ))}
        </section>
      ))}
    </>
  );
}

function grouped(functions: readonly LanguageFunction[], search: string): Map<string, LanguageFunction[]> {
  const groups = new Map<string, LanguageFunction[]>();
  for (const entry of functions) {
    const text = [entry.name, entry.summary, ...entry.aliases].join(" ").toLowerCase();
    if (text.includes(search)) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);
  }
  return groups;
}
