import { Button, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { Json, JsonObject } from "@/shared/flow/document";
import { afterPress } from "@/shared/ui/press";
import { itemOf, without } from "@/shared/flow/records";
import { isRecord, type Property, shapeOf } from "@/studio/form/schema";
import { JsonWidget } from "@/studio/form/widgets/JsonWidget";
import { RowButton } from "@/studio/form/widgets/RowButton";
import classes from "@/studio/form/widgets/widgets.module.css";
import { emptyOf, type WidgetProps } from "@/studio/form/widgets/widget";

const MOST_ROWS = 100;

/** An object: its known fields by name, and otherwise rows of names and values. */
export function ObjectWidget(props: WidgetProps) {
  const shown = props.value ?? props.fallback;
  const value: JsonObject = isRecord(shown) ? shown : {};
  if (Object.keys(value).length > MOST_ROWS) return <JsonWidget {...props} />;
  const { properties } = props.shape;
  return properties.length > 0 ? (
    <KnownFields {...props} record={value} properties={properties} />
  ) : (
    <NamedValues {...props} record={value} />
  );
}

function KnownFields(props: WidgetProps & { record: JsonObject; properties: readonly Property[] }) {
  const { Inner, record, properties, onChange, label, path, plain } = props;
  const known = new Set(properties.map(({ name }) => name));
  const others = Object.keys(record).filter((name) => !known.has(name));
  const set = (name: string, value: Json | undefined) =>
    onChange(value === undefined ? without(record, name) : { ...record, [name]: value });
  return (
    <div className={classes.record} role="group" aria-label={label}>
      {properties.map((property, index) => (
        <div key={property.name} className={classes.recordField}>
          <Text size="xs" c="var(--exekra-quiet)">
            {property.title}
            {property.required && <span aria-hidden> *</span>}
          </Text>
          <Inner
            schema={property.schema}
            value={itemOf(record, property.name)}
            onChange={(value) => set(property.name, value)}
            fallback={property.default}
            required={property.required}
            label={`${label}, ${property.title}`}
            path={`${path}.${property.name}`}
            plain={plain}
            autoFocus={props.autoFocus && index === 0}
          />
        </div>
      ))}
      {others.length > 0 && (
        <Text size="xs" c="var(--exekra-bad)">
          Unknown: {others.join(", ")}.
        </Text>
      )}
    </div>
  );
}

interface Row {
  id: number;
  name: string;
  value: Json;
}

/** Rows whose names may be empty or twice for a while: then they are not in the document yet, and not lost. */
function NamedValues(props: WidgetProps & { record: JsonObject }) {
  const { Inner, record, shape, onChange, label, path, plain, readOnly } = props;
  const [draft, setDraft] = useState(() => ({ rows: rowsOf(record), record }));
  const rows = sameRecord(draft.record, record) ? draft.rows : rowsOf(record);
  const [added, setAdded] = useState<number | null>(null);
  const value = shapeOf(shape.items);
  // A name is taken over when it is left: what depends on it, such as the edge of a case, follows a whole name.
  const keep = (changed: readonly Row[]) => setDraft({ rows: [...changed], record });
  const write = (changed: readonly Row[]) => {
    const written = recordOf(changed);
    setDraft({ rows: [...changed], record: written });
    if (!sameRecord(written, record)) onChange(written);
  };
  const problemOf = (row: Row): string | null => {
    if (row.name === "") return "Type a name.";
    return rows.find(({ name }) => name === row.name) === row ? null : "This name is used twice.";
  };
  return (
    <div className={classes.rows} role="group" aria-label={label}>
      {rows.map((row, index) => (
        <div key={row.id} className={classes.row} data-tall={isTall(row.value) || undefined}>
          <TextInput
            className={classes.name}
            size="xs"
            aria-label={`${label}, name ${index + 1}`}
            placeholder="Name"
            value={row.name}
            disabled={readOnly}
            error={row.id === added && row.name === "" ? false : problemOf(row)}
            autoFocus={row.id === added}
            onChange={(event) => keep(rows.with(index, { ...row, name: event.currentTarget.value }))}
            onBlur={() => {
              write(rows);
              afterPress(() => setAdded(null));
            }}
            onKeyDown={(event) => event.key === "Enter" && write(rows)}
          />
          <div className={classes.grow}>
            <Inner
              schema={shape.items}
              value={row.value}
              onChange={(changed) => write(rows.with(index, { ...row, value: changed ?? emptyOf(value.widget) }))}
              label={`${label}, ${row.name || `value ${index + 1}`}`}
              path={`${path}.${row.name}`}
              plain={plain}
            />
          </div>
          {!readOnly && (
            <RowButton
              label={`Remove ${row.name || `row ${index + 1}`} from ${label}`}
              onClick={() => write(rows.toSpliced(index, 1))}
            >
              <IconTrash size={14} />
            </RowButton>
          )}
        </div>
      ))}
      {!readOnly && (
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<IconPlus size={14} />}
          className={classes.add}
          aria-label={`Add value to ${label}`}
          onClick={() => {
            const id = Math.max(0, ...rows.map((row) => row.id)) + 1;
            setAdded(id);
            write([...rows, { id, name: "", value: emptyOf(value.widget) }]);
          }}
        >
          Add value
        </Button>
      )}
    </div>
  );
}

/** Whether a value needs more than a line. */
function isTall(value: Json): boolean {
  return typeof value === "object" && value !== null;
}

function rowsOf(record: JsonObject): Row[] {
  return Object.entries(record).map(([name, value], id) => ({ id, name, value }));
}

function recordOf(rows: readonly Row[]): JsonObject {
  const named = rows.filter(({ name }, index) => name !== "" && rows.findIndex((row) => row.name === name) === index);
  return Object.fromEntries(named.map(({ name, value }) => [name, value]));
}

function sameRecord(one: JsonObject, other: JsonObject): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
