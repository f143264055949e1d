import type { Edit } from "@/studio/model/edit";
import { outermost } from "@/shared/flow/calls";
import { nodeOf, type Breakpoint, type Flow } from "@/shared/flow/document";
import { itemOf, without } from "@/shared/flow/records";

/** Set a breakpoint at a step, or take it away. One of a called workflow has the calls in front: `call/read`. */
export function toggleBreakpoint(node: string): Edit {
  return {
    label: "Change breakpoint",
    apply: (flow) => setBreakpoint(flow, node, Object.hasOwn(flow.layout.breakpoints, node) ? null : {}),
  };
}

/** Stop at a step only where this expression is true; always where it is empty. */
export function setBreakpointCondition(node: string, condition: string): Edit {
  return {
    label: "Change breakpoint's condition",
    merge: `breakpoint:${node}`,
    apply: (flow) => {
      const others = without({ ...itemOf(flow.layout.breakpoints, node) }, "condition");
      return setBreakpoint(flow, node, condition === "" ? others : { ...others, condition });
    },
  };
}

/** Let a breakpoint rest, or count again. */
export function enableBreakpoint(node: string, enabled: boolean): Edit {
  return {
    label: enabled ? "Enable breakpoint" : "Disable breakpoint",
    apply: (flow) => {
      const others = without({ ...itemOf(flow.layout.breakpoints, node) }, "enabled");
      return setBreakpoint(flow, node, enabled ? others : { ...others, enabled: false });
    },
  };
}

/** Take all breakpoints away. */
export const clearBreakpoints: Edit = {
  label: "Delete all breakpoints",
  apply: (flow) =>
    Object.keys(flow.layout.breakpoints).length === 0 ? flow : { ...flow, layout: { ...flow.layout, breakpoints: {} } },
};

function setBreakpoint(flow: Flow, node: string, breakpoint: Breakpoint | null): Flow {
  if (nodeOf(flow, outermost(node)) === undefined) return flow;
  const breakpoints =
    breakpoint === null ? without(flow.layout.breakpoints, node) : { ...flow.layout.breakpoints, [node]: breakpoint };
  return { ...flow, layout: { ...flow.layout, breakpoints } };
}
