import type { Json } from "@/shared/flow/document";
import { isTablePreview } from "@/studio/expressions/names";

/** A value on one line, at most about `length` characters. */
export function shortValue(value: Json | undefined, length = 60): string {
  if (value === undefined) return "";
  if (isTablePreview(value))
    return `Table, ${counted(value.length, "row")} × ${counted(value.columns.length, "column")}`;
  const text = JSON.stringify(value);
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** A number with its noun: `1 row`, `2 rows`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
