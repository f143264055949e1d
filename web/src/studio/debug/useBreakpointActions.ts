import { useMemo } from "react";
import { nameOf } from "@/shared/flow/calls";
import type { BreakpointActions } from "@/shared/flow/canvasContext";
import { editCondition } from "@/studio/debug/debugCommands";
import { toggleBreakpoint } from "@/studio/model/edits/breakpoints";
import { useEditor, useEditorStore } from "@/studio/state/editor";

/** What can be done about breakpoints in the graph that calls lead to; null where one may only look. */
export function useBreakpointActions(calls: readonly string[]): BreakpointActions | null {
  const store = useEditorStore();
  const readOnly = useEditor((state) => state.readOnly);
  return useMemo(
    () =>
      readOnly
        ? null
        : {
            toggle: (node) => store.actions.perform(toggleBreakpoint(nameOf(calls, node))),
            editCondition: (node) => editCondition(store, nameOf(calls, node)),
          },
    [store, calls, readOnly],
  );
}
