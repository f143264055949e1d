import type { ComponentType } from "react";
import type { Json, JsonObject } from "@/shared/flow/document";
import type { Shape } from "@/studio/form/schema";

/** What the editor of a value gets, whatever its widget. */
export interface ValueEditorProps {
  schema: JsonObject;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
  fallback?: Json | undefined;
  required?: boolean;
  label: string;
  path: string;
  plain?: boolean;
  autoFocus?: boolean;
}

/** What every widget gets. */
export interface WidgetProps {
  shape: Shape;
  /** The value in the document; undefined where there is none, so that the default counts. */
  value: Json | undefined;
  /** Undefined takes the value out of the document. */
  onChange: (value: Json | undefined) => void;
  /** The default, to be shown where there is no value. */
  fallback: Json | undefined;
  required: boolean;
  label: string;
  describedBy: string | undefined;
  /** The place in the node's fields, such as `rows.0.price`. */
  path: string;
  invalid: boolean;
  readOnly: boolean;
  /** Whether a text is taken as it is, so that braces mean nothing. */
  plain: boolean;
  autoFocus: boolean;
  /** The editor for values inside of this one. */
  Inner: ComponentType<ValueEditorProps>;
}

export type Widget = ComponentType<WidgetProps>;

/** What Mantine's inputs take of it. */
export function inputProps({ label, describedBy, invalid, readOnly, autoFocus }: WidgetProps) {
  return {
    "aria-label": label,
    ...(describedBy !== undefined && { "aria-describedby": describedBy }),
    error: invalid,
    size: "xs",
    disabled: readOnly,
    autoFocus,
  } as const;
}

/** How a text counts that somebody has emptied: as none where that is the same, otherwise as the empty text. */
export function emptied({ required, fallback, shape }: WidgetProps): Json | undefined {
  if (required && shape.schema.minLength === undefined) return "";
  return fallback === undefined || fallback === "" || fallback === null ? undefined : "";
}

/** What a new row holds. */
export function emptyOf(widget: string): Json {
  if (widget === "number" || widget === "seconds") return 0;
  if (widget === "switch") return false;
  if (widget === "list" || widget === "table") return [];
  return widget === "object" ? {} : "";
}
