import { ActionIcon, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import type { JsonObject } from "@/shared/flow/document";
import classes from "@/studio/expressions/browser.module.css";
import type { NameInReach } from "@/studio/expressions/names";
import { fieldsOf, type KnownField, pathText, type Step, typeOf, valueAt } from "@/studio/expressions/reading";
import { shortValue } from "@/studio/expressions/shortValue";

interface TreeProps {
  names: readonly NameInReach[];
  scope: JsonObject | null;
  /** Gets the expression that reads the value. */
  onChoose: (expression: string) => void;
}

const DEEPEST = 6;

/** All that can be read here, with the last run's values. A click or a drag writes the way to it. */
export function VariableTree({ names, scope, onChoose }: TreeProps) {
  if (names.length === 0) {
    return (
      <Text size="xs" c="var(--exekra-quiet)" p="sm">
        Nothing is available here yet. Results of earlier steps, variables and inputs will appear here.
      </Text>
    );
  }
  return (
    <ul className={classes.tree} aria-label="Available values">
      {names.map((name) => {
        const example = scope === null ? undefined : valueAt(scope, [name.name]);
        const field = { ...name, type: name.type === "any" ? typeName(example) : name.type };
        return (
          <Branch
            key={name.name}
            field={example === undefined ? field : { ...field, example }}
            path={[name.name]}
            note={name.certain ? name.kind.replace("-", " ") : "may be missing"}
            {...{ names, scope, onChoose }}
          />
        );
      })}
    </ul>
  );
}

function Branch({
  field,
  path,
  note,
  ...tree
}: TreeProps & { field: KnownField; path: readonly Step[]; note?: string }) {
  const [open, setOpen] = useState(false);
  const fields = open || path.length < DEEPEST ? fieldsOf(path, "", tree.names, tree.scope) : [];
  const expression = pathText(path);
  return (
    <li>
      <div className={classes.branch}>
        {fields.length > 0 ? (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="xs"
            aria-label={`${open ? "Close" : "Open"} ${expression}`}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {open ? <IconChevronDown size={12} /> : <IconChevronRight size={12} />}
          </ActionIcon>
        ) : (
          <span className={classes.leaf} />
        )}
        <UnstyledButton
          className={classes.value}
          title={field.description || undefined}
          draggable
          onDragStart={(event) => event.dataTransfer.setData("text/plain", `{${expression}}`)}
          onClick={() => tree.onChoose(expression)}
        >
          <span className={classes.name}>{field.name}</span>
          <span className={classes.type}>{[field.type, note].filter(Boolean).join(", ")}</span>
          {field.example !== undefined && <span className={classes.last}>{shortValue(field.example, 60)}</span>}
        </UnstyledButton>
      </div>
      {open && fields.length > 0 && (
        <ul className={classes.tree}>
          {fields.map((inner) => (
            <Branch key={inner.name} field={inner} path={[...path, inner.name]} {...tree} />
          ))}
        </ul>
      )}
    </li>
  );
}

function typeName(example: Parameters<typeof typeOf>[0]): string {
  return example === undefined ? "any" : typeOf(example);
}
