/**
 * The closed list of how an input can be filled in: `WidgetName` of the Python package `exekra.sdk`. A house test
 * compares the two lists; a widget that is missing in `widgets/registry.tsx` does not compile.
 */
export const WIDGET_NAMES = [
  "text",
  "multiline",
  "number",
  "switch",
  "choice",
  "seconds",
  "column",
  "file",
  "folder",
  "code",
  "credential",
  "table",
  "list",
  "object",
  "any",
  "selector",
  "date",
  "workflow",
  "workflow_version",
] as const;

export type WidgetName = (typeof WIDGET_NAMES)[number];

/** The widgets for a text with expressions in it: they need no other way to write an expression. */
const OF_TEXT: ReadonlySet<WidgetName> = new Set(["text", "multiline", "column", "file", "folder", "selector"]);

export function isOfText(widget: WidgetName): boolean {
  return OF_TEXT.has(widget);
}

export function isWidgetName(name: unknown): name is WidgetName {
  return WIDGET_NAMES.some((known) => known === name);
}
