/** In which of its ways a value is written: as a literal with its widget, as an expression, or as a credential. */
import type { Json } from "@/shared/flow/document";
import { credentialName, templateParts } from "@/shared/flow/template";
import { isRecord, type Shape } from "@/studio/form/schema";
import { isOfText } from "@/studio/form/widgetNames";

export type FieldMode = "literal" | "expression" | "credential" | "json";

/** Whether a text holds an expression, so that its value is known only when the node runs. */
export function isOpen(value: Json | undefined): value is string {
  return typeof value === "string" && templateParts(value).some(({ kind }) => kind === "expression");
}

/**
 * The way in which a value is written now. `json` is for what the widget cannot show, so that it is neither hidden nor
 * lost. `required` without a value: what has no sensible literal begins as an expression.
 */
export function modeOf(shape: Shape, value: Json | undefined, required: boolean): FieldMode {
  const { widget } = shape;
  if (value === undefined) {
    if (widget === "credential") return "credential";
    return required && (widget === "switch" || widget === "table") ? "expression" : "literal";
  }
  if (typeof value === "string" && credentialName(value) !== null) {
    return widget === "credential" ? "credential" : isOfText(widget) || widget === "any" ? "literal" : "expression";
  }
  if (widget === "any") return "literal";
  if (isOpen(value)) return isOfText(widget) ? "literal" : "expression";
  if (value === null) return shape.nullable ? "literal" : "json";
  return fitsWidget(shape, value);
}

function fitsWidget(shape: Shape, value: Json): FieldMode {
  switch (shape.widget) {
    case "number":
    case "seconds":
    case "workflow_version":
      return typeof value === "number" ? "literal" : textOrJson(value);
    case "switch":
      return typeof value === "boolean" ? "literal" : textOrJson(value);
    case "choice":
      return typeof value === "object" ? "json" : "literal";
    case "list":
      return Array.isArray(value) ? "literal" : textOrJson(value);
    case "table":
      return isGrid(value) ? "literal" : textOrJson(value);
    case "object":
      return isRecord(value) ? "literal" : textOrJson(value);
    case "credential":
      return textOrJson(value);
    case "text":
      // A sheet may be a name or a number.
      return typeof value === "string" || typeof value === "number" ? "literal" : "json";
    default:
      return typeof value === "string" ? "literal" : "json";
  }
}

function textOrJson(value: Json): FieldMode {
  return typeof value === "string" ? "expression" : "json";
}

/** Whether a value is a list of objects with plain cells, as the table's editor shows it. */
export function isGrid(value: Json | undefined): value is readonly Readonly<Record<string, Json>>[] {
  return (
    Array.isArray(value) &&
    value.every((row) => isRecord(row) && Object.values(row).every((cell) => typeof cell !== "object" || cell === null))
  );
}
