import { ActionIcon, Button, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { Schemas } from "@/shared/api/client";
import type { Json } from "@/shared/flow/document";
import { plainValue } from "@/studio/expressions/lastValues";
import { shortValue } from "@/studio/expressions/shortValue";
import classes from "@/studio/run/run.module.css";

/** The values to begin with, as JSON texts by name. */
export type ScopeTexts = Readonly<Record<string, string>>;

/** The texts of the values that were found; those that are missing are empty. */
export function textsOf(scope: Schemas["Scope"]): ScopeTexts {
  const known = Object.entries(scope.scope).filter(([name]) => !scope.missing.includes(name));
  return Object.fromEntries([
    ...scope.missing.map((name) => [name, ""] as const),
    ...known.map(([name, value]) => [name, JSON.stringify(value, null, 2)] as const),
  ]);
}

/** The values that the texts stand for, and what is wrong with texts. An empty one gives no value. */
export function readScope(texts: ScopeTexts): { scope: Record<string, Json>; problems: Record<string, string> } {
  const scope: Record<string, Json> = {};
  const problems: Record<string, string> = {};
  for (const [name, text] of Object.entries(texts)) {
    if (text.trim() === "") continue;
    try {
      scope[name] = JSON.parse(text) as Json;
    } catch {
      problems[name] = 'This must be JSON, such as 12, "text" or [1, 2].';
    }
  }
  return { scope, problems };
}

interface ScopeFieldsProps {
  texts: ScopeTexts;
  problems: Readonly<Record<string, string>>;
  missing: readonly string[];
  onChange: (texts: ScopeTexts) => void;
}

/** The values to begin with in the middle: known ones to look at or change, missing ones to fill in. */
export function ScopeFields({ texts, problems, missing, onChange }: ScopeFieldsProps) {
  const [edited, setEdited] = useState<ReadonlySet<string>>(() => new Set(missing));
  const [name, setName] = useState("");
  const set = (one: string, text: string) => onChange({ ...texts, [one]: text });
  const add = () => {
    const one = name.trim();
    if (one === "") return;
    setEdited(new Set([...edited, one]));
    set(one, texts[one] ?? "");
    setName("");
  };
  return (
    <Stack gap={6}>
      <div className={classes.scope}>
        {Object.keys(texts).length === 0 && (
          <Text size="sm" c="var(--exekra-quiet)">
            No values.
          </Text>
        )}
        {Object.entries(texts).map(([one, text]) =>
          edited.has(one) ? (
            <Textarea
              key={one}
              label={one}
              description={
                missing.includes(one) ? "Its full value is not known. If left empty, it has none." : undefined
              }
              size="xs"
              autosize
              minRows={1}
              maxRows={8}
              styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
              value={text}
              error={problems[one]}
              onChange={(event) => set(one, event.currentTarget.value)}
            />
          ) : (
            <div key={one} className={classes.known}>
              <span className={classes.name} title={one}>
                {one}
              </span>
              <span className={classes.glance}>{glance(text)}</span>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={`Change ${one}`}
                onClick={() => setEdited(new Set([...edited, one]))}
              >
                <IconPencil size={14} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={`Leave ${one} out`}
                onClick={() => onChange(Object.fromEntries(Object.entries(texts).filter(([other]) => other !== one)))}
              >
                <IconTrash size={14} />
              </ActionIcon>
            </div>
          ),
        )}
      </div>
      <Group gap={6}>
        <TextInput
          size="xs"
          placeholder="Another name"
          aria-label="Name of the additional value"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
        />
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconPlus size={14} />}
          disabled={name.trim() === ""}
          onClick={add}
        >
          Add a value
        </Button>
      </Group>
    </Stack>
  );
}

function glance(text: string): string {
  try {
    return shortValue(plainValue(JSON.parse(text) as Json), 120);
  } catch {
    return text;
  }
}
