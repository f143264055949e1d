import type { Flow } from "@/shared/flow/document";

/** The breakpoints that count, as a debug session takes them. */
export function breakpointsOf(flow: Flow): readonly { node: string; condition: string | null }[] {
  return Object.entries(flow.layout.breakpoints)
    .filter(([, { enabled }]) => enabled !== false)
    .map(([node, { condition }]) => ({ node, condition: condition ?? null }));
}

/** The name under which the answer to a watched expression comes back. */
export function watchId(expression: string): string {
  return `watch:${expression}`;
}
