import { IconBinaryTree2 } from "@tabler/icons-react";
import { calledBy, type Call } from "@/shared/flow/calls";
import { nodeOf } from "@/shared/flow/document";
import { callsInto } from "@/shared/flow/trail";
import type { Command } from "@/studio/core/command";
import { chosenNodes, shownFlow, type EditorState, type EditorStore } from "@/studio/state/editor";

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
