import type { Catalogue, CatalogueEntry } from "@/shared/flow/catalogue";
import type { Flow } from "@/shared/flow/document";

const LONGEST_NAME = 64;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const RESERVED: ReadonlySet<string> = new Set(
  (
    "true false null start error False None True and as assert async await break class continue def del elif else " +
    "except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

/** Why `name` cannot name a node, a variable or the like, as a sentence; null where it can. */
export function shapeProblem(name: string): string | null {
  if (name === "") return "Type a name.";
  if (!IDENTIFIER.test(name)) return "Use letters, digits and underscores; do not begin with a digit.";
  if (name.length > LONGEST_NAME) return `Use at most ${LONGEST_NAME} characters.`;
  return RESERVED.has(name) ? `${name} is a reserved word.` : null;
}

/** Why `name` cannot be the new name of what is called `from`, as a sentence; null where it can. */
export function nameProblem(flow: Flow, catalogue: Catalogue, name: string, from?: string): string | null {
  const shape = shapeProblem(name);
  if (shape !== null || name === from) return shape;
  return takenNames(flow, catalogue).has(name) ? `${name} is already used; every name must be different.` : null;
}

/** All names of the flow: inputs, variables, nodes and the items of loops share one space. */
export function takenNames(flow: Flow, catalogue: Catalogue): Set<string> {
  const taken = new Set([...Object.keys(flow.inputs), ...Object.keys(flow.variables), ...Object.keys(flow.nodes)]);
  for (const node of Object.values(flow.nodes)) {
    for (const input of catalogue.entryOf(node).inputs) {
      const value = node.with[input.name] ?? input.default;
      if (input.mode === "name" && typeof value === "string") taken.add(value);
    }
  }
  return taken;
}

/** `base`, with a number behind it where it is taken: `read`, `read_2`. */
export function freshName(base: string, taken: ReadonlySet<string>): string {
  const stem = IDENTIFIER.test(base) ? base.slice(0, LONGEST_NAME - 6) : "step";
  const free = (name: string) => !taken.has(name) && !RESERVED.has(name);
  if (free(stem)) return stem;
  const start = stem.replace(/_\d+$/, "");
  let number = 2;
  while (!free(`${start}_${number}`)) number += 1;
  return `${start}_${number}`;
}

/** The id of a new node of that kind: the last word of its activity. */
export function nameFor(entry: CatalogueEntry, taken: ReadonlySet<string>): string {
  return freshName(NODE_NAMES[entry.id] ?? entry.id.split(".").at(-1) ?? "step", taken);
}

/** Ids for control nodes whose own word is reserved, or reads badly as a name. */
const NODE_NAMES: Readonly<Record<string, string>> = {
  if: "check",
  try: "attempt",
  for_each: "each",
  while: "repeat",
  do_while: "repeat",
  break: "leave_loop",
  continue: "next_turn",
  return: "finish",
  call_workflow: "call",
};
