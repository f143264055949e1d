import { ActionIcon, Menu } from "@mantine/core";
import {
  Icon123,
  IconBraces,
  IconCircleOff,
  IconList,
  IconToggleLeft,
  IconLetterT,
  type Icon,
} from "@tabler/icons-react";
import type { Json } from "@/shared/flow/document";
import { shapeOf } from "@/studio/form/schema";
import { ListWidget } from "@/studio/form/widgets/ListWidget";
import { ObjectWidget } from "@/studio/form/widgets/ObjectWidget";
import { NumberWidget, SwitchWidget } from "@/studio/form/widgets/PlainWidgets";
import { TextField } from "@/studio/form/widgets/TextField";
import classes from "@/studio/form/widgets/widgets.module.css";
import type { WidgetProps } from "@/studio/form/widgets/widget";

export type AnyKind = "text" | "number" | "boolean" | "list" | "object" | "nothing";

const KINDS: Record<AnyKind, { label: string; icon: Icon; empty: Json }> = {
  text: { label: "Text or expression", icon: IconLetterT, empty: "" },
  number: { label: "Number", icon: Icon123, empty: 0 },
  boolean: { label: "Yes or no", icon: IconToggleLeft, empty: false },
  list: { label: "List", icon: IconList, empty: [] },
  object: { label: "Object", icon: IconBraces, empty: {} },
  nothing: { label: "Nothing", icon: IconCircleOff, empty: null },
};
const ALL = Object.keys(KINDS) as AnyKind[];

/** A value of any type: its type can be chosen. A text may be one expression, whose value keeps its type. */
export function AnyWidget({ kinds = ALL, ...props }: WidgetProps & { kinds?: readonly AnyKind[] }) {
  const kind = kindOf(props.value);
  return (
    <div className={classes.any} data-kind={kind}>
      <KindMenu kind={kind} kinds={kinds} {...props} />
      <div className={classes.grow}>
        <OfKind kind={kind} {...props} />
      </div>
    </div>
  );
}

function KindMenu({
  kind,
  kinds,
  value,
  onChange,
  label,
  readOnly,
}: WidgetProps & { kind: AnyKind; kinds: readonly AnyKind[] }) {
  const { icon: Picture, label: word } = KINDS[kind];
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <ActionIcon
          className={classes.kind}
          variant="default"
          aria-label={`Type of ${label}: ${word}`}
          title={`${word}. Click to choose another type.`}
          disabled={readOnly}
        >
          <Picture size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {kinds.map((name) => {
          const { icon: Choice, label: choice } = KINDS[name];
          return (
            <Menu.Item
              key={name}
              role="menuitemradio"
              aria-checked={name === kind}
              leftSection={<Choice size={15} />}
              onClick={() => name !== kind && onChange(converted(value, name))}
            >
              {choice}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The value as one of another type where it means the same there, otherwise an empty one. */
function converted(value: Json | undefined, kind: AnyKind): Json {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : NaN;
  if (kind === "number" && Number.isFinite(number)) return number;
  if (kind === "text" && (typeof value === "number" || typeof value === "boolean")) return String(value);
  return KINDS[kind].empty;
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
