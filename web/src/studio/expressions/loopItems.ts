/** Items of loops for trying expressions: the last run tells what a loop went through, not which item came when. */
import type { Catalogue } from "@/shared/flow/catalogue";
import type { Flow, Json, JsonObject } from "@/shared/flow/document";
import { wholeExpression } from "@/shared/flow/template";
import { pathOf, valueAt } from "@/studio/expressions/reading";

/** The values with the first item of each loop under the name that its body has for it, where the name is not there. */
export function withLoopItems(
  values: JsonObject,
  flow: Flow,
  catalogue: Catalogue,
  told: (node: string) => JsonObject | null,
): JsonObject {
  let filled = values;
  for (const [id, node] of Object.entries(flow.nodes)) {
    const names = catalogue.entryOf(node).inputs.filter(({ mode }) => mode === "name");
    names.forEach((input, place) => {
      const name = node.with[input.name] ?? input.default;
      if (typeof name !== "string" || Object.hasOwn(filled, name)) return;
      const value = place === 0 ? firstItem(itemsOf(node.with.items, filled) ?? told(id)?.items) : 0;
      if (value !== undefined) filled = { ...filled, [name]: value };
    });
  }
  return filled;
}

function itemsOf(written: Json | undefined, values: JsonObject): Json | undefined {
  const expression = typeof written === "string" ? wholeExpression(written) : null;
  const path = expression === null ? null : pathOf(expression);
  return path === null ? undefined : valueAt(values, path);
}

/** What the body sees first: an item, a row of a table, or a pair of an object. */
function firstItem(items: Json | undefined): Json | undefined {
  const item = valueAt(items, [0]);
  if (item !== undefined || typeof items !== "object" || items === null || Array.isArray(items)) return item;
  const [pair] = Object.entries(items);
  return pair && { key: pair[0], value: pair[1] };
}
