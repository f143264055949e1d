/** Which fields of a form are shown, and which of them at once. */
import type { InputEntry } from "@/shared/flow/catalogue";
import type { JsonObject } from "@/shared/flow/document";
import { itemOf } from "@/shared/flow/records";
import { isOpen } from "@/studio/form/fieldMode";

const ALWAYS_SHOWN = 3;
const SHORT_FORM = 6;

/** Whether a field has a meaning with these values. Where another holds an expression nobody knows, and it has. */
export function isMeaningful(field: InputEntry, fields: readonly InputEntry[], values: JsonObject): boolean {
  return Object.entries(field.when ?? {}).every(([name, wanted]) => {
    const other = fields.find((candidate) => candidate.name === name);
    const value = itemOf(values, name) ?? other?.default ?? null;
    return isOpen(value) || wanted.includes(value);
  });
}

export interface FormGroups {
  /** Shown at once: required ones, those that have a value, and a few of the first. */
  main: readonly InputEntry[];
  /** Under "More". */
  more: readonly InputEntry[];
}

/**
 * Divides an activity's fields into those that are shown at once and those under "More". `set` are the fields that had
 * a value when the form was opened: a field does not move while somebody fills it in.
 */
export function groupFields(fields: readonly InputEntry[], set: ReadonlySet<string>): FormGroups {
  if (fields.length <= SHORT_FORM) return { main: fields, more: [] };
  const isMain = (field: InputEntry, index: number): boolean =>
    field.required || set.has(field.name) || (index < ALWAYS_SHOWN && field.when === null);
  const main = new Set(fields.filter(isMain).map(({ name }) => name));
  for (const field of fields) {
    // What depends on another field stands with it.
    if (field.when !== null && Object.keys(field.when).every((name) => main.has(name))) main.add(field.name);
    if (set.has(field.name)) for (const name of Object.keys(field.when ?? {})) main.add(name);
  }
  const more = fields.filter(({ name }) => !main.has(name));
  return more.length <= 1 ? { main: fields, more: [] } : { main: fields.filter(({ name }) => main.has(name)), more };
}
