import { ActionIcon, Anchor, Menu, Text } from "@mantine/core";
import {
  Icon123,
  IconBraces,
  IconCircleOff,
  IconList,
  IconToggleLeft,
  IconLetterT,
  type Icon,
} from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { Json } from "@/shared/flow/document";
import { numberOf } from "@/shared/format/numbers";
import { cellValue } from "@/studio/form/pasteTable";
import { shapeOf } from "@/studio/form/schema";
import { ListWidget } from "@/studio/form/widgets/ListWidget";
import { ObjectWidget } from "@/studio/form/widgets/ObjectWidget";
import { NumberWidget } from "@/studio/form/widgets/NumberWidget";
import { SwitchWidget } from "@/studio/form/widgets/PlainWidgets";
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

/**
 * A value of any type: its type can be chosen. A text may be one expression, whose value keeps its type; a number that is
 * typed becomes a number when it is left, unless somebody chose text.
 */
export function AnyWidget({ kinds = ALL, ...props }: WidgetProps & { kinds?: readonly AnyKind[] }) {
  const { value, onChange, label, readOnly, plain, shape } = props;
  const kind = kindOf(value);
  const [keepsText, setKeepsText] = useState(false);
  const [focus, setFocus] = useState(props.autoFocus);
  const typed = useRef<Json | undefined>(undefined);
  const [typing, setTyping] = useState(false);
  // Where a sheet is named, or a text is compared as what it stands for, the text is right.
  const tells = kinds.includes("object") && shape.schema["x-text-counts"] !== true && !plain;
  const number = tells ? numberIn(value) : null;
  const change = (next: Json | undefined) => {
    typed.current = next;
    setTyping(true);
    // A number that is no more gives its place to a text, and so does the cursor.
    setFocus(kind === "number" && typeof next !== "number");
    onChange(next);
  };
  const choose = (next: AnyKind) => {
    setKeepsText(next === "text");
    change(converted(value, next));
  };
  const leave = () => {
    setTyping(false);
    const meant = tells && !keepsText ? numberIn(typed.current) : null;
    if (meant !== null) change(meant);
  };
  return (
    <div>
      <div className={classes.any} data-kind={kind}>
        <KindMenu kind={kind} kinds={kinds} onChoose={choose} {...{ label, readOnly }} />
        <div className={classes.grow}>
          <OfKind kind={kind} {...props} onChange={change} onLeave={leave} autoFocus={focus} />
        </div>
      </div>
      {/* While it is typed it becomes a number by itself. */}
      {number !== null && (!typing || keepsText) && (
        <Text size="xs" c="var(--exekra-quiet)" mt={4}>
          This is text, not a number.{" "}
          {!readOnly && (
            <Anchor
              component="button"
              type="button"
              fz="inherit"
              // The text is not left before the click.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose("number")}
            >
              Use the number {number}
            </Anchor>
          )}
        </Text>
      )}
    </div>
  );
}

/** The number that a text looks like; null for any other text, such as 007. */
function numberIn(value: Json | undefined): number | null {
  const meant = typeof value === "string" ? cellValue(value.trim()) : null;
  return typeof meant === "number" ? meant : null;
}

interface KindMenuProps {
  kind: AnyKind;
  kinds: readonly AnyKind[];
  onChoose: (kind: AnyKind) => void;
  label: string;
  readOnly: boolean;
}

function KindMenu({ kind, kinds, onChoose, label, readOnly }: KindMenuProps) {
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
          {/* The button itself is pressed: the picture changes when a number is left. */}
          <Picture size={15} pointerEvents="none" />
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
              onClick={() => name !== kind && onChoose(name)}
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
  const number = typeof value === "string" ? numberOf(value) : null;
  if (kind === "number" && number !== null) return number;
  if (kind === "text" && (typeof value === "number" || typeof value === "boolean")) return String(value);
  return KINDS[kind].empty;
}

function OfKind({ kind, onLeave, ...props }: WidgetProps & { kind: AnyKind; onLeave: () => void }) {
  const anything = { ...props, shape: shapeOf({}) };
  switch (kind) {
    case "number":
      return <NumberWidget {...anything} onText={props.onChange} />;
    case "boolean":
      return <SwitchWidget {...anything} />;
    case "list":
      return <ListWidget {...anything} shape={shapeOf({ type: "array", items: {} })} />;
    case "object":
      return <ObjectWidget {...anything} shape={shapeOf({ type: "object" })} />;
    case "nothing":
      return <span className={classes.nothing}>No value (null)</span>;
    case "text":
      return <TextField {...anything} placeholder="Text or {expression}" onLeave={onLeave} />;
  }
}

function kindOf(value: Json | undefined): AnyKind {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "object";
  if (typeof value === "number" || typeof value === "boolean") return typeof value as AnyKind;
  return "text";
}
