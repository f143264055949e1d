import type { Edit } from "@/studio/model/edit";
import { nameProblem, takenNames } from "@/studio/model/names";
import { renameReferences } from "@/studio/model/references";
import { outermost } from "@/shared/flow/calls";
import { nodeOf, type Edge, type Flow, type Layout } from "@/shared/flow/document";
import { moveKey } from "@/shared/flow/records";
import type { Catalogue } from "@/shared/flow/catalogue";

/** Give a step another id, and follow it in every edge, template and expression. */
export function renameNode(from: string, to: string): Edit {
  return {
    label: "Rename step",
    apply: (flow, catalogue) => {
      if (nodeOf(flow, from) === undefined || isRefused(flow, catalogue, from, to)) return flow;
      const renamed = renameReferences(flow, catalogue, from, to);
      const edges = renamed.edges.map((edge) => renameEnds(edge, from, to));
      return { ...renamed, nodes: moveKey(renamed.nodes, from, to), edges, layout: renameIn(renamed.layout, from, to) };
    },
  };
}

/** Give a variable another name, and follow it everywhere. */
export function renameVariable(from: string, to: string): Edit {
  return renameDeclared("Rename variable", "variables", from, to);
}

/** Give an input of the flow another name, and follow it everywhere. Who starts the flow must use the new name. */
export function renameFlowInput(from: string, to: string): Edit {
  return renameDeclared("Rename input", "inputs", from, to);
}

/** Give an output of the flow another name, also in what Return steps set. */
export function renameFlowOutput(from: string, to: string): Edit {
  return {
    label: "Rename output",
    apply: (flow, catalogue) => {
      const output = flow.outputs[from];
      if (output === undefined || from === to || Object.hasOwn(flow.outputs, to)) return flow;
      const wasRead = output.value === undefined && takenNames(flow, catalogue).has(from);
      const kept = wasRead ? { ...output, value: `{${from}}` } : output;
      const outputs = moveKey({ ...flow.outputs, [from]: kept }, from, to);
      const nodes = Object.fromEntries(
        Object.entries(flow.nodes).map(([id, node]) => {
          const values = node.with.values;
          const sets = node.do === "return" && typeof values === "object" && values !== null && !Array.isArray(values);
          if (!sets || !Object.hasOwn(values, from)) return [id, node];
          return [id, { ...node, with: { ...node.with, values: moveKey(values as object, from, to) } }];
        }),
      );
      return { ...flow, outputs, nodes: nodes as Flow["nodes"] };
    },
  };
}

/** Give the name of a loop's item or index another value, and follow it everywhere. `field` is `item` or `index`. */
export function renameLoopName(node: string, field: string, from: string, to: string): Edit {
  return {
    label: "Rename item",
    apply: (flow, catalogue) => {
      const loop = nodeOf(flow, node);
      if (loop === undefined || isRefused(flow, catalogue, from, to)) return flow;
      const renamed = renameReferences(flow, catalogue, from, to);
      const changed = nodeOf(renamed, node) ?? loop;
      return {
        ...renamed,
        nodes: { ...renamed.nodes, [node]: { ...changed, with: { ...changed.with, [field]: to } } },
      };
    },
  };
}

function renameDeclared(label: string, section: "variables" | "inputs", from: string, to: string): Edit {
  return {
    label,
    apply: (flow, catalogue) => {
      if (!Object.hasOwn(flow[section], from) || isRefused(flow, catalogue, from, to)) return flow;
      const renamed = renameReferences(flow, catalogue, from, to);
      return { ...renamed, [section]: moveKey(renamed[section], from, to) };
    },
  };
}

function isRefused(flow: Flow, catalogue: Catalogue, from: string, to: string): boolean {
  return from === to || nameProblem(flow, catalogue, to, from) !== null;
}

function renameEnds(edge: Edge, from: string, to: string): Edge {
  if (edge.source !== from && edge.target !== from) return edge;
  return {
    ...edge,
    source: edge.source === from ? to : edge.source,
    target: edge.target === from ? to : edge.target,
  };
}

function renameIn(layout: Layout, from: string, to: string): Layout {
  const groups = Object.fromEntries(
    Object.entries(layout.groups).map(([id, group]) => [
      id,
      group.nodes.includes(from) ? { ...group, nodes: group.nodes.map((node) => (node === from ? to : node)) } : group,
    ]),
  );
  const silenced = layout.analyser?.nodes;
  return {
    ...layout,
    nodes: moveKey(layout.nodes, from, to),
    breakpoints: renameOutermost(layout.breakpoints, from, to),
    texts: moveKey(layout.texts, from, to),
    groups,
    ...(silenced && { analyser: { ...layout.analyser, nodes: moveKey(silenced, from, to) } }),
  };
}

/** With those of the workflow that the step calls, whose names begin with the step's. */
function renameOutermost(breakpoints: Layout["breakpoints"], from: string, to: string): Layout["breakpoints"] {
  return Object.fromEntries(
    Object.entries(breakpoints).map(([node, breakpoint]) => [
      outermost(node) === from ? to + node.slice(from.length) : node,
      breakpoint,
    ]),
  );
}
