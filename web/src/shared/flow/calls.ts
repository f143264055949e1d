/**
 * Names of nodes in called workflows. As in the engine's events, the ids of the calling nodes stand in front of the
 * node's own: `call/read`. Calls are a list of such ids, the outermost first; none lead to the workflow itself.
 */
import type { FlowNode } from "@/shared/flow/document";

/** The calls that lead to a node: `["call"]` for `call/read`. */
export function callsTo(node: string): readonly string[] {
  return node.split("/").slice(0, -1);
}

/** A node's id in the workflow that it stands in: `read` for `call/read`. */
export function idIn(node: string): string {
  return node.slice(node.lastIndexOf("/") + 1);
}

/** The name of the node with that id behind these calls. */
export function nameOf(calls: readonly string[], id: string): string {
  return [...calls, id].join("/");
}

/** The node of the workflow itself in which a node stands: `call` for `call/read`. */
export function outermost(node: string): string {
  const end = node.indexOf("/");
  return end < 0 ? node : node.slice(0, end);
}

/** A node's name as people read it: `call / read`. */
export function inWords(node: string): string {
  return node.replaceAll("/", " / ");
}

/** The node behind these calls in which a node stands, or the node itself; null where it stands elsewhere. */
export function seenFrom(calls: readonly string[], node: string): string | null {
  const prefix = nameOf(calls, "");
  return node.startsWith(prefix) ? outermost(node.slice(prefix.length)) : null;
}

/** What is known of the nodes behind these calls, by their ids there. */
export function behind<Known>(
  known: Readonly<Record<string, Known>>,
  calls: readonly string[],
): Readonly<Record<string, Known>> {
  const prefix = nameOf(calls, "");
  const own = Object.entries(known).filter(([node]) => node.startsWith(prefix) && node.indexOf("/", prefix.length) < 0);
  return Object.fromEntries(own.map(([node, one]) => [node.slice(prefix.length), one]));
}

/**
 * The name of the node that made an execution fail, of those that failed; null where it is not known. A failure in a
 * called workflow names the node there only.
 */
export function failedName(
  { node, workflow }: { readonly node?: string | null; readonly workflow?: string | null },
  failed: readonly string[],
): string | null {
  if (!node || !workflow) return node ?? null;
  return failed.findLast((name) => name !== node && idIn(name) === node) ?? null;
}

/** What a node calls: a workflow, and the version of it that is pinned; null for that which is published. */
export interface Call {
  readonly name: string;
  readonly pinned: number | null;
}

/** What a node calls; null for nodes that call nothing, or not yet. */
export function calledBy(node: FlowNode | undefined): Call | null {
  if (node?.do !== "call_workflow") return null;
  const { workflow: name, version = null } = node.with;
  if (typeof name !== "string" || name === "") return null;
  if (version === null) return { name, pinned: null };
  return typeof version === "number" && Number.isInteger(version) && version >= 1 ? { name, pinned: version } : null;
}
