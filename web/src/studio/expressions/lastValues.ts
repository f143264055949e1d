/** Values that an execution kept, as the pages show them: dates are texts, tables have their columns and rows. */
import type { Json, JsonObject } from "@/shared/flow/document";
import { itemOf } from "@/shared/flow/records";

/** The value with `{"$date": ...}`, `{"$table": ...}` and their like made plain. */
export function plainValue(value: Json): Json {
  if (Array.isArray(value)) return value.map(plainValue);
  if (!isObject(value)) return value;
  const [only, ...more] = Object.keys(value);
  if (only?.startsWith("$") && more.length === 0) return unpacked(only, value[only] ?? null);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plainValue(part)]));
}

function unpacked(kind: string, kept: Json): Json {
  if (kind === "$decimal") return Number(kept);
  if (!isObject(kept)) return kept;
  if (kind !== "$table")
    return Object.fromEntries(Object.entries(kept).map(([name, part]) => [name, plainValue(part)]));
  const rows = itemOf(kept, "rows") ?? [];
  return {
    columns: itemOf(kept, "columns") ?? [],
    rows: plainValue(rows),
    length: Array.isArray(rows) ? rows.length : 0,
  };
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
