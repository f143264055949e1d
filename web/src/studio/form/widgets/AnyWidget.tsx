import { Group, Select } from "@mantine/core";
import type { Json } from "@/shared/flow/document";
import { shapeOf } from "@/studio/form/schema";
import { ListWidget } from "@/studio/form/widgets/ListWidget";
import { ObjectWidget } from "@/studio/form/widgets/ObjectWidget";
import { NumberWidget, SwitchWidget } from "@/studio/form/widgets/PlainWidgets";
import { TextField } from "@/studio/form/widgets/TextField";
import classes from "@/studio/form/widgets/widgets.module.css";
import type { WidgetProps } from "@/studio/form/widgets/widget";

export type AnyKind = "text" | "number" | "boolean" | "list" | "object" | "nothing";

const KINDS: Record<AnyKind, { label: string; empty: Json }> = {
  text: { label: "Text", empty: "" },
  number: { label: "Number", empty: 0 },
  boolean: { label: "Yes or no", empty: false },
  list: { label: "List", empty: [] },
  object: { label: "Object", empty: {} },
  nothing: { label: "Nothing", empty: null },
};
const ALL = Object.keys(KINDS) as AnyKind[];

/** A value of any type: its type can be chosen. A text may be one expression, whose value keeps its type. */
export function AnyWidget({ kinds = ALL, ...props }: WidgetProps & { kinds?: readonly AnyKind[] }) {
  const { value, onChange, label } = props;
  const kind = kindOf(value);
  return (
    <Group gap={6} align="flex-start" wrap="nowrap" className={classes.any}>
      <Select
        className={classes.kind}
        aria-label={`Type of ${label}`}
        size="xs"
        disabled={props.readOnly}
        data={kinds.map((name) => ({ value: name, label: KINDS[name].label }))}
        value={kind}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true, width: "max-content" }}
        onChange={(chosen) => chosen !== null && chosen !== kind && onChange(KINDS[chosen as AnyKind].empty)}
      />
      <div className={classes.grow}>
        <OfKind kind={kind} {...props} />
      </div>
    </Group>
  );
}

function OfKind({ kind, ...props }: WidgetProps & { kind: AnyKind }) {
  const anything = { ...props, shape: shapeOf({}) };
  switch (kind) {
    case "number":
      return <NumberWidget {...anything} />;
    case "boolean":
      return <SwitchWidget {...anything} />;
    case "list":
      return <ListWidget {...anything} shape={shapeOf({ type: "array", items: {} })} />;
    case "object":
      return <ObjectWidget {...anything} shape={shapeOf({ type: "object" })} />;
    case "nothing":
      return <span className={classes.nothing}>No value (null)</span>;
    case "text":
      return <TextField {...anything} placeholder="Text or {expression}" />;
  }
}

function kindOf(value: Json | undefined): AnyKind {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "object";
  if (typeof value === "number" || typeof value === "boolean") return typeof value as AnyKind;
  return "text";
}
