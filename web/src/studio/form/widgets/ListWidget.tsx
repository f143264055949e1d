import { Button, Group } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { Json } from "@/shared/flow/document";
import { shapeOf } from "@/studio/form/schema";
import { JsonWidget } from "@/studio/form/widgets/JsonWidget";
import { RowButton } from "@/studio/form/widgets/RowButton";
import classes from "@/studio/form/widgets/widgets.module.css";
import { emptyOf, type WidgetProps } from "@/studio/form/widgets/widget";

const MOST_ROWS = 100;

/** A list, row by row. Very long ones are shown as JSON. */
export function ListWidget(props: WidgetProps) {
  const { Inner, shape, value, fallback, onChange, label, path, readOnly } = props;
  const shown = value ?? fallback;
  const items: readonly Json[] = Array.isArray(shown) ? shown : [];
  // What has to be filled in has a row to do so, which is not in the document before.
  const first = items.length === 0 && props.required && !readOnly;
  const [added, setAdded] = useState<number | null>(null);
  if (items.length > MOST_ROWS) return <JsonWidget {...props} />;
  const row = shapeOf(shape.items);
  const write = (rows: readonly Json[]) => onChange(rows.length === 0 && value === undefined ? undefined : rows);
  const swap = (one: number, other: number) =>
    write(items.map((item, index) => items[index === one ? other : index === other ? one : index] ?? item));
  return (
    <div className={classes.rows} role="group" aria-label={label}>
      {(first ? [undefined] : items).map((item, index) => (
        <div key={index} className={classes.row}>
          <div className={classes.grow}>
            <Inner
              schema={shape.items}
              value={item}
              onChange={(changed) =>
                write(first ? [changed ?? emptyOf(row.widget)] : items.with(index, changed ?? emptyOf(row.widget)))
              }
              label={`${label}, item ${index + 1}`}
              path={`${path}.${index}`}
              plain={props.plain}
              autoFocus={first ? props.autoFocus : added === index}
            />
          </div>
          {!readOnly && !first && (
            <Group gap={0} wrap="nowrap" className={classes.tools}>
              <RowButton
                label={`Move item ${index + 1} of ${label} up`}
                disabled={index === 0}
                onClick={() => swap(index, index - 1)}
              >
                <IconArrowUp size={14} />
              </RowButton>
              <RowButton
                label={`Move item ${index + 1} of ${label} down`}
                disabled={index === items.length - 1}
                onClick={() => swap(index, index + 1)}
              >
                <IconArrowDown size={14} />
              </RowButton>
              <RowButton
                label={`Remove item ${index + 1} of ${label}`}
                onClick={() => write(items.toSpliced(index, 1))}
              >
                <IconTrash size={14} />
              </RowButton>
            </Group>
          )}
        </div>
      ))}
      {!readOnly && (
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<IconPlus size={14} />}
          className={classes.add}
          aria-label={`Add item to ${label}`}
          onClick={() => {
            setAdded(items.length);
            write([...items, emptyOf(row.widget)]);
          }}
        >
          Add item
        </Button>
      )}
    </div>
  );
}
