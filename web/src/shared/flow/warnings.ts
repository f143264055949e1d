/** The warnings that steps wrote into the log: how they are counted and said. */
import { behind, nameOf, outermost } from "@/shared/flow/calls";

/** How many warnings a node wrote, and the last of them; nothing where it wrote none. */
export interface Warned {
  readonly warnings?: number;
  readonly warning?: string;
}

/** The warnings of a node from its figures. */
export function warnedOf(warnings: number | undefined, warning: string | null | undefined): Warned {
  return warnings ? { warnings, ...(warning && { warning }) } : {};
}

/** `1 warning`, `1,200 warnings`. */
export function countedWarnings(count: number): string {
  return count === 1 ? "1 warning" : `${count.toLocaleString("en")} warnings`;
}

/** A node's warnings in words: the one, or their number and the last; "" where it wrote none. */
export function warningsInWords({ warnings = 0, warning = "" }: Warned): string {
  if (warnings === 0) return "";
  if (warnings === 1) return warning === "" ? "1 warning" : `Warning: ${warning}`;
  return `${countedWarnings(warnings)}${warning && `. The last one: ${warning}`}`;
}

/** How many warnings all of these nodes wrote. */
export function sumOfWarnings(nodes: Iterable<Warned>): number {
  let sum = 0;
  for (const { warnings = 0 } of nodes) sum += warnings;
  return sum;
}

/**
 * What is known of the nodes behind these calls, by their ids there; a node that calls a workflow also shows the warnings
 * of the nodes in it.
 */
export function warnedBehind<Known extends Warned>(
  known: Readonly<Record<string, Known>>,
  calls: readonly string[],
): Readonly<Record<string, Known>> {
  const own = { ...behind(known, calls) };
  const prefix = nameOf(calls, "");
  for (const [name, inner] of Object.entries(known)) {
    const id = outermost(name.slice(prefix.length));
    const caller = own[id];
    if (!inner.warnings || !name.startsWith(prefix) || nameOf(calls, id) === name || caller === undefined) continue;
    const warning = inner.warning ?? caller.warning;
    own[id] = { ...caller, ...warnedOf((caller.warnings ?? 0) + inner.warnings, warning) };
  }
  return own;
}
