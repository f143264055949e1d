import { IconPlayerRecordFilled, IconVariable } from "@tabler/icons-react";
import { nameOf } from "@/shared/flow/calls";
import { showCalledCommand } from "@/studio/called/showCalled";
import { together } from "@/studio/model/edit";
import { toggleBreakpoint } from "@/studio/model/edits/breakpoints";
import type { Command } from "@/studio/core/command";
import { chosenNodes, type EditorState, type EditorStore } from "@/studio/state/editor";

/** The chosen steps under the names that breakpoints have. */
const names = (state: EditorState) => chosenNodes(state).map((id) => nameOf(state.calls, id));
const hasBreakpoint = ({ flow }: EditorState, name: string) => Object.hasOwn(flow.layout.breakpoints, name);
const allHave = (state: EditorState) =>
  names(state).length > 0 && names(state).every((name) => hasBreakpoint(state, name));

/** Let somebody write the condition of the breakpoint at a node; where there is none, it is set. */
export function editCondition(store: EditorStore, name: string): void {
  if (!hasBreakpoint(store.getState(), name)) store.actions.perform(toggleBreakpoint(name));
  store.actions.askCondition(name);
}

/** What can be done where an execution may pause, also in called workflows. */
export const debugCommands: readonly Command[] = [
  showCalledCommand,
  {
    name: "breakpoint",
    label: (state) => (allHave(state) ? "Remove breakpoint" : "Set breakpoint"),
    icon: IconPlayerRecordFilled,
    keys: ["F9"],
    section: "Run",
    changes: true,
    enabled: (state) => names(state).length > 0,
    run: ({ store }) =>
      store.actions.perform(together("Change breakpoint", names(store.getState()).map(toggleBreakpoint))),
  },
  {
    name: "condition",
    label: "Edit condition…",
    icon: IconVariable,
    keys: ["shift+F9"],
    section: "Run",
    changes: true,
    enabled: (state) => names(state).length === 1,
    run: ({ store }) => names(store.getState()).forEach((name) => editCondition(store, name)),
  },
];
