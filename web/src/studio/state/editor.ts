import { createContext, use, useMemo } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Schemas } from "@/shared/api/client";
import { callsTo, idIn, nameOf, outermost } from "@/shared/flow/calls";
import type { Catalogue } from "@/shared/flow/catalogue";
import { edgeKey, type Flow } from "@/shared/flow/document";
import type { NodeRunState } from "@/shared/flow/runState";
import type { Called } from "@/shared/flow/trail";
import type { Edit } from "@/studio/model/edit";
import { collapse } from "@/studio/model/edits/places";
import { perform, redo, startHistory, undo, type History } from "@/studio/model/history";

export type FlowProblem = Schemas["FlowProblem"];

/** What is chosen on the canvas; edges by `edgeKey`. */
export interface Selection {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
  readonly notes: readonly string[];
}

/**
 * A wish to bring something into view; a new object each time, so that the same wish can be made twice. A node of a
 * called workflow has the calls in front: `call/read`.
 */
export interface Reveal {
  readonly node: string;
  /** A field of the node's form that should get the focus. */
  readonly field: string | null;
}

/** Stands for the name of a step where a field is meant: no field is called so. */
export const NAME_FIELD = "#name";

/** Whether an execution is shown, and whether it goes on. */
export type RunPhase = "none" | "running" | "debugging" | "paused" | "ended";

/** What one Studio page knows. */
export interface EditorState {
  readonly workflowId: string;
  /** Who edits: what this browser remembers is remembered for one user. */
  readonly userId: string;
  readonly catalogue: Catalogue;
  readonly flow: Flow;
  readonly history: History;
  readonly selection: Selection;
  /** The number of the version that is edited. */
  readonly basedOn: number;
  /** Whether that version is a working copy, saved to run it: the list of versions does not have it. */
  readonly working: boolean;
  /** The flow as that version has it; identical with `flow` while nothing is unsaved. */
  readonly savedFlow: Flow;
  readonly readOnly: boolean;
  readonly problems: readonly FlowProblem[];
  /** The step that was added last, while it is being filled in: what it still lacks is no error yet. */
  readonly fresh: string | null;
  /** What the run that is shown told of each node; null where none is shown. */
  readonly runOverlay: Readonly<Record<string, NodeRunState>> | null;
  readonly runPhase: RunPhase;
  /** The execution whose values forms and previews show; null where there is none. */
  readonly lastRun: string | null;
  readonly reveal: Reveal | null;
  /** The calls of the called workflow that the canvas shows; none while it shows the workflow itself. */
  readonly calls: readonly string[];
  /** The workflows that those calls lead through; none until they are known. */
  readonly trail: readonly Called[];
  /** The step that is chosen in the called workflow. */
  readonly calledNode: string | null;
  /** The calls that lead to this workflow, where it is looked at as a called one of another. */
  readonly standsAt: readonly string[];
  /** A wish to write the condition of the breakpoint at a node; a new object each time. */
  readonly asksCondition: { readonly node: string } | null;
  /** The panels that are open; by their ids. */
  readonly panels: { readonly right: string; readonly bottom: string | null };
}

/** What can be done on a Studio page. */
export interface EditorActions {
  perform(edit: Edit): void;
  undo(): void;
  redo(): void;
  select(selection: Partial<Selection>): void;
  /** Select a step that was just added, to fill it in. */
  begin(node: string): void;
  /**
   * Select a node and bring it into view, also one of a called workflow; with a field, that field of the form gets the
   * focus.
   */
  revealNode(node: string, field?: string | null): void;
  /** Show the workflow that these calls lead to. */
  lookInto(calls: readonly string[]): void;
  setTrail(trail: readonly Called[]): void;
  chooseCalled(node: string | null): void;
  /** Let somebody write the condition of a breakpoint; null when that is done. */
  askCondition(node: string | null): void;
  setProblems(problems: readonly FlowProblem[]): void;
  setRunOverlay(overlay: Readonly<Record<string, NodeRunState>> | null): void;
  setRunPhase(phase: RunPhase): void;
  setLastRun(execution: string | null): void;
  /** Show a block as one step, or in full again; where one may only look, for as long as one looks. */
  fold(node: string, folded: boolean): void;
  openPanel(place: "right", id: string): void;
  openPanel(place: "bottom", id: string | null): void;
  setCatalogue(catalogue: Catalogue): void;
  /** Go on from a version that was just saved or taken over. With `flow` it takes the place of what is edited. */
  setSaved(version: { number: number; flow: Flow; working?: boolean }, edited?: Flow): void;
}

export type EditorStore = StoreApi<EditorState> & { readonly actions: EditorActions };

export const NOTHING: Selection = { nodes: [], edges: [], notes: [] };

/** The state of one Studio page. */
export function createEditor(begin: {
  workflowId: string;
  userId?: string;
  catalogue: Catalogue;
  flow: Flow;
  basedOn: number;
  working?: boolean;
  readOnly: boolean;
  standsAt?: readonly string[];
}): EditorStore {
  const store = createStore<EditorState>(() => ({
    standsAt: [],
    working: false,
    userId: "",
    ...begin,
    history: startHistory(begin.flow),
    savedFlow: begin.flow,
    selection: NOTHING,
    problems: [],
    fresh: null,
    runOverlay: null,
    runPhase: "none",
    lastRun: null,
    reveal: null,
    calls: [],
    trail: [],
    calledNode: null,
    asksCondition: null,
    panels: { right: "properties", bottom: null },
  }));
  return Object.assign(store, { actions: actionsOf(store) });
}

function actionsOf(store: StoreApi<EditorState>): EditorActions {
  const goTo = (history: History) => {
    if (history === store.getState().history) return;
    store.setState({ history, flow: history.flow, selection: existing(store.getState().selection, history.flow) });
  };
  return {
    perform: (edit) => {
      const { history, catalogue, readOnly } = store.getState();
      if (!readOnly) goTo(perform(history, edit, catalogue));
    },
    undo: () => goTo(undo(store.getState().history)),
    redo: () => goTo(redo(store.getState().history)),
    select: (selection) => {
      const after = { ...NOTHING, ...selection };
      // A wish that was followed is over: the form of a step that is selected again does not take the focus.
      if (!isSame(store.getState().selection, after)) store.setState({ selection: after, reveal: null, fresh: null });
    },
    begin: (node) => store.setState({ selection: { ...NOTHING, nodes: [node] }, reveal: null, fresh: node }),
    revealNode: (node, field = null) => {
      const calls = callsTo(node);
      const selection = { ...NOTHING, nodes: [outermost(node)] };
      const calledNode = calls.length > 0 ? idIn(node) : null;
      store.setState((state) => ({
        ...whereTo(state, calls),
        selection,
        calledNode,
        reveal: { node, field },
        fresh: state.fresh === node ? node : null,
      }));
    },
    lookInto: (calls) => store.setState((state) => ({ ...whereTo(state, calls), calledNode: null })),
    setTrail: (trail) => store.setState({ trail }),
    chooseCalled: (calledNode) => store.setState({ calledNode }),
    askCondition: (node) => {
      if (node === null) store.setState({ asksCondition: null });
      else store.setState(({ panels }) => ({ asksCondition: { node }, panels: { ...panels, right: "debug" } }));
    },
    setProblems: (problems) => store.setState({ problems }),
    setRunOverlay: (runOverlay) => store.setState({ runOverlay }),
    setRunPhase: (runPhase) => store.setState({ runPhase }),
    setLastRun: (lastRun) => store.setState({ lastRun }),
    fold: (node, folded) => {
      const { history, catalogue, readOnly, flow } = store.getState();
      const edit = collapse(node, folded);
      if (!readOnly) return goTo(perform(history, edit, catalogue));
      const shown = edit.apply(flow, catalogue);
      store.setState({ flow: shown, savedFlow: shown });
    },
    openPanel: (place: "right" | "bottom", id: string | null) =>
      store.setState(({ panels }) => ({ panels: { ...panels, [place]: id } })),
    setCatalogue: (catalogue) => store.setState({ catalogue }),
    setSaved: ({ number, flow, working = false }, edited) =>
      store.setState((state) => {
        if (edited === undefined || edited === state.flow) return { basedOn: number, savedFlow: flow, working };
        const edit = { label: "Take over another version", apply: () => edited };
        const history = perform(state.history, edit, state.catalogue);
        const selection = existing(state.selection, history.flow);
        return { basedOn: number, savedFlow: flow, working, history, flow: history.flow, selection };
      }),
  };
}

/** What is known of a trail goes when the calls are others. */
function whereTo({ calls: before, trail }: EditorState, calls: readonly string[]) {
  return { calls, trail: nameOf(before, "") === nameOf(calls, "") ? trail : [] };
}

/** The workflow that the canvas shows; null while a called one is not here yet. */
export function shownFlow({ flow, calls, trail }: EditorState): Flow | null {
  return calls.length === 0 ? flow : (trail.at(-1)?.flow ?? null);
}

/** The steps that are chosen on what the canvas shows. */
export function chosenNodes({ calls, calledNode, selection }: EditorState): readonly string[] {
  if (calls.length === 0) return selection.nodes;
  return calledNode === null ? [] : [calledNode];
}

/** What is still there of a selection. */
function existing(selection: Selection, flow: Flow): Selection {
  const edges = selection.edges.length > 0 ? new Set(flow.edges.map(edgeKey)) : new Set<string>();
  const after = {
    nodes: selection.nodes.filter((id) => Object.hasOwn(flow.nodes, id)),
    edges: selection.edges.filter((key) => edges.has(key)),
    notes: selection.notes.filter((id) => Object.hasOwn(flow.layout.notes, id)),
  };
  return isSame(selection, after) ? selection : after;
}

/** Whether a problem is only what a step that was just added still lacks. */
function isLack(problem: FlowProblem, fresh: string | null): boolean {
  return (
    problem.node === fresh && fresh !== null && (problem.code === "missing-input" || problem.code === "empty-body")
  );
}

/** The problems to show: without what the step that is being filled in still lacks. */
export function shownProblems(problems: readonly FlowProblem[], fresh: string | null): readonly FlowProblem[] {
  return problems.filter((problem) => !isLack(problem, fresh));
}

/** Whether there is something to save. */
export function isDirty(state: EditorState): boolean {
  return state.flow !== state.savedFlow;
}

/** Whether saving would do anything: a working copy is not among the versions that people saved. */
export function isUnsaved(state: EditorState): boolean {
  return isDirty(state) || state.working;
}

function isSame(one: Selection, other: Selection): boolean {
  const same = (left: readonly string[], right: readonly string[]) =>
    left.length === right.length && left.every((id, index) => id === right[index]);
  return same(one.nodes, other.nodes) && same(one.edges, other.edges) && same(one.notes, other.notes);
}

/** The editor of the page around. */
export const EditorContext = createContext<EditorStore | null>(null);

/** The editor's store itself, for what reads it now and then without being drawn again. */
export function useEditorStore(): EditorStore {
  const store = use(EditorContext);
  if (store === null) throw new Error("This belongs in a Studio page.");
  return store;
}

/** A part of the editor's state; what uses it is drawn again when that part changes. */
export function useEditor<Part>(select: (state: EditorState) => Part): Part {
  return useStore(useEditorStore(), select);
}

/** The problems to show, without what the step that is being filled in still lacks. */
export function useShownProblems(): readonly FlowProblem[] {
  const problems = useEditor((state) => state.problems);
  const fresh = useEditor((state) => state.fresh);
  return useMemo(() => shownProblems(problems, fresh), [problems, fresh]);
}

export function useEditorActions(): EditorActions {
  return useEditorStore().actions;
}
