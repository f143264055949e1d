import { IconBinaryTree2, IconPlayerRecordFilled, IconVariable } from "@tabler/icons-react";
import { calledBy, nameOf, type Call } from "@/shared/flow/calls";
import { nodeOf } from "@/shared/flow/document";
import { callsInto } from "@/shared/flow/trail";
import { together } from "@/studio/model/edit";
import { toggleBreakpoint } from "@/studio/model/edits/breakpoints";
import type { Command } from "@/studio/core/command";
import { chosenNodes, shownFlow, type EditorState, type EditorStore } from "@/studio/state/editor";

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

/** Show the workflow that a step on the canvas calls. Gives false where it calls none. */
export function showCalled(store: EditorStore, id: string): boolean {
  const state = store.getState();
  const call = calledAt(state, id);
  if (call !== null) store.actions.lookInto(callsInto(state.trail, id, call));
  return call !== null;
}

/** Whether what is chosen on the canvas is one step that calls a workflow. */
export function callsWorkflow(state: EditorState): boolean {
  const [id, ...others] = chosenNodes(state);
  return others.length === 0 && calledAt(state, id) !== null;
}

function calledAt(state: EditorState, id: string | undefined): Call | null {
  const flow = shownFlow(state);
  return flow === null || id === undefined ? null : calledBy(nodeOf(flow, id));
}

/** Show the workflow that the chosen step calls. */
export const showCalledCommand: Command = {
  name: "show-called",
  label: "Show called workflow",
  icon: IconBinaryTree2,
  keys: ["mod+Enter"],
  section: "View",
  enabled: callsWorkflow,
  run: ({ store }) => {
    const [id] = chosenNodes(store.getState());
    if (id !== undefined) showCalled(store, id);
  },
};

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
