import { ActionIcon, Menu, Text, Tooltip } from "@mantine/core";
import { IconVariablePlus } from "@tabler/icons-react";
import { useState } from "react";
import { type NameInReach, useExpressionPlace } from "@/studio/expressions/names";
import { pathText } from "@/studio/expressions/reading";
import classes from "@/studio/expressions/ValueMenu.module.css";

interface ValueMenuProps {
  label: string;
  /** The field for which names are in reach. */
  field: string | undefined;
  onChoose: (expression: string) => void;
}

/** A button with all values that can be read here, for those who do not write expressions. */
export function ValueMenu({ label, field, onChoose }: ValueMenuProps) {
  const { names, known, want } = useExpressionPlace();
  const [byKey, setByKey] = useState(false);
  const [opened, setOpened] = useState(false);
  return (
    <Menu
      position="bottom-end"
      withinPortal
      opened={opened}
      onChange={setOpened}
      // Who opens it with the mouse keeps the cursor in the field, where the value is inserted.
      trapFocus={byKey}
      returnFocus={byKey}
    >
      <Tooltip label="Insert a value" openDelay={400} disabled={opened}>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            className={classes.button}
            aria-label={`Insert a value into ${label}`}
            onMouseDown={(event) => event.preventDefault()}
            onClick={(event) => {
              setByKey(event.detail === 0);
              want(field ?? null);
            }}
          >
            <IconVariablePlus size={15} />
          </ActionIcon>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown className={classes.menu} onMouseDown={(event) => event.preventDefault()}>
        {groupsOf(names).map(({ title, note, values }) => (
          <div key={title} role="group" aria-label={title}>
            <Menu.Label>
              {title}
              {note !== "" && `, ${note}`}
            </Menu.Label>
            {values.map(({ expression, name, type, description }) => (
              <Menu.Item
                key={expression}
                className={classes.value}
                title={description}
                onClick={() => onChoose(expression)}
                rightSection={
                  <Text size="xs" c="var(--exekra-quiet)">
                    {type === "any" ? "" : type}
                  </Text>
                }
              >
                {name}
              </Menu.Item>
            ))}
          </div>
        ))}
        {names.length === 0 && (
          <Menu.Label>
            {known ? "No earlier step gives a value, and there are no variables." : "Loading values…"}
          </Menu.Label>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

interface Group {
  title: string;
  note: string;
  values: { expression: string; name: string; type: string; description: string }[];
}

const TITLES: Record<Exclude<NameInReach["kind"], "result">, string> = {
  "loop-item": "Current item",
  error: "Error",
  variable: "Variables",
  input: "Inputs",
};

/** The names by where they come from: what is near first, each step with its results. */
function groupsOf(names: readonly NameInReach[]): Group[] {
  const kinds = ["loop-item", "error", "variable"] as const;
  const ofKind = (kind: keyof typeof TITLES): Group[] => {
    const found = names.filter((name) => name.kind === kind);
    return found.length === 0 ? [] : [{ title: TITLES[kind], note: "", values: found.flatMap(valuesOf) }];
  };
  const results = names.filter(({ kind }) => kind === "result");
  const steps = results.toReversed().map((name) => ({
    title: name.name,
    note: name.certain ? "" : "may be missing",
    values: valuesOf(name),
  }));
  return [...kinds.flatMap(ofKind), ...steps, ...ofKind("input")];
}

function valuesOf(name: NameInReach): Group["values"] {
  if (name.fields.length === 0) {
    const { type, description } = name;
    return [{ expression: name.name, name: name.name, type, description }];
  }
  return name.fields.map((field) => ({
    expression: pathText([name.name, field.name]),
    name: name.kind === "result" ? field.name : `${name.name}.${field.name}`,
    type: field.type,
    description: field.description,
  }));
}
