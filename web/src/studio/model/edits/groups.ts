import type { Edit } from "@/studio/model/edit";
import { freshName } from "@/studio/model/names";
import type { Catalogue } from "@/shared/flow/catalogue";
import { analyseGraph, ownersOf } from "@/shared/flow/graph";
import { nodeOf, type Flow, type Group, type Note } from "@/shared/flow/document";

/** Draw steps together under a title, those of one body. A step is in one group at most. */
export function group(ids: readonly string[], title: string): Edit {
  return {
    label: "Group",
    apply: (flow, catalogue) => {
      const nodes = ofOneBody(flow, catalogue, ids);
      if (nodes.length === 0) return flow;
      const others = withoutMembers(flow.layout.groups, new Set(nodes));
      const id = freshName("group_1", new Set(Object.keys(flow.layout.groups)));
      return withGroups(flow, { ...others, [id]: { title, nodes } });
    },
  };
}

/** Take groups apart; their steps stay. */
export function ungroup(groups: readonly string[]): Edit {
  return {
    label: "Ungroup",
    apply: (flow) => {
      const left = Object.entries(flow.layout.groups).filter(([id]) => !groups.includes(id));
      if (left.length === Object.keys(flow.layout.groups).length) return flow;
      return withGroups(flow, Object.fromEntries(left));
    },
  };
}

/** Change a group's title, or whether it is shown as one box. */
export function setGroup(id: string, change: { readonly title?: string; readonly collapsed?: boolean }): Edit {
  return {
    label: change.collapsed === undefined ? "Rename group" : change.collapsed ? "Collapse group" : "Expand group",
    apply: (flow) => {
      const before = flow.layout.groups[id];
      if (before === undefined) return flow;
      const after = { ...before, ...change };
      if (after.title === before.title && after.collapsed === before.collapsed) return flow;
      return withGroups(flow, { ...flow.layout.groups, [id]: after });
    },
  };
}

/** Put a note on the canvas. */
export function addNote(note: Note): Edit {
  return {
    label: "Add note",
    apply: (flow) => {
      const id = freshName("note_1", new Set([...Object.keys(flow.layout.notes), ...Object.keys(flow.nodes)]));
      return withNotes(flow, { ...flow.layout.notes, [id]: note });
    },
  };
}

/** Change a note's text, colour, place or size. */
export function setNote(id: string, change: Partial<Note>): Edit {
  return {
    label: "Change note",
    merge: `note:${id}:${Object.keys(change).join()}`,
    apply: (flow) => {
      const before = flow.layout.notes[id];
      if (before === undefined) return flow;
      return withNotes(flow, { ...flow.layout.notes, [id]: { ...before, ...change } });
    },
  };
}

export function removeNotes(ids: readonly string[]): Edit {
  return {
    label: "Delete note",
    apply: (flow) => {
      const left = Object.entries(flow.layout.notes).filter(([id]) => !ids.includes(id));
      if (left.length === Object.keys(flow.layout.notes).length) return flow;
      return withNotes(flow, Object.fromEntries(left));
    },
  };
}

/** Those that stand in the same body as the outermost of them: a group cannot cross the border of a block. */
function ofOneBody(flow: Flow, catalogue: Catalogue, ids: readonly string[]): string[] {
  const graph = analyseGraph(flow, catalogue);
  const depth = (id: string) => ownersOf(graph, id).length;
  const known = ids.filter((id) => nodeOf(flow, id) !== undefined);
  const least = Math.min(...known.map(depth));
  const outermost = known.find((id) => depth(id) === least) ?? "";
  const body = graph.bodyOf.get(outermost);
  const isTop = body?.owner === null;
  return known.filter((id) => graph.bodyOf.get(id) === body || (isTop && graph.bodyOf.get(id)?.owner === null));
}

function withoutMembers(groups: Readonly<Record<string, Group>>, gone: ReadonlySet<string>): Record<string, Group> {
  const left = Object.entries(groups).map(
    ([id, one]) => [id, { ...one, nodes: one.nodes.filter((node) => !gone.has(node)) }] as const,
  );
  return Object.fromEntries(left.filter(([, one]) => one.nodes.length > 0));
}

function withGroups(flow: Flow, groups: Readonly<Record<string, Group>>): Flow {
  return { ...flow, layout: { ...flow.layout, groups } };
}

function withNotes(flow: Flow, notes: Readonly<Record<string, Note>>): Flow {
  return { ...flow, layout: { ...flow.layout, notes } };
}
