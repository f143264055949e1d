/** The inputs of a called workflow as fields of a form, and the object in which a call holds their values. */
import type { InputEntry } from "@/shared/flow/catalogue";
import type { Json, JsonObject, Parameter } from "@/shared/flow/document";
import { without } from "@/shared/flow/records";
import { schemaOfType } from "@/studio/variables/declarations";

/** The field for an input that is declared: `inputs.amount` for `amount`. */
export function fieldOf(
  place: string,
  name: string,
  { type = "any", description = "", ...rest }: Parameter,
): InputEntry {
  return {
    name: `${place}.${name}`,
    title: name,
    description,
    schema: schemaOfType(type),
    required: rest.default === undefined,
    default: rest.default,
    mode: "template",
    when: null,
  };
}

/** The values with one that was changed. An empty one is not given; where none is, there is no object either. */
export function withInput(given: JsonObject, name: string, value: Json | undefined): JsonObject | undefined {
  const changed = value === undefined || value === "" ? without(given, name) : { ...given, [name]: value };
  return Object.keys(changed).length === 0 ? undefined : changed;
}
