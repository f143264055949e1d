import { behind } from "@/shared/flow/calls";
import type { Flow } from "@/shared/flow/document";
import type { Decoration } from "@/shared/flow/pictureNodes";

/** The breakpoints that count, as a debug session takes them. */
export function breakpointsOf(flow: Flow): readonly { node: string; condition: string | null }[] {
  return Object.entries(flow.layout.breakpoints)
    .filter(([, { enabled }]) => enabled !== false)
    .map(([node, { condition }]) => ({ node, condition: condition ?? null }));
}

/** How the graph shows the breakpoints of the workflow that calls lead to, by the ids of its nodes. */
export function breakpointMarks(
  breakpoints: Flow["layout"]["breakpoints"],
  calls: readonly string[],
): ReadonlyMap<string, Decoration> {
  const own = Object.entries(behind(breakpoints, calls));
  return new Map(
    own.map(([id, { condition, enabled }]) => [
      id,
      { breakpoint: enabled === false ? "resting" : condition ? "conditional" : "always" },
    ]),
  );
}

/** The name under which the answer to a watched expression comes back. */
export function watchId(expression: string): string {
  return `watch:${expression}`;
}
