import type { Edit } from "@/studio/model/edit";
import { shapeProblem } from "@/studio/model/names";
import type { Flow, Selector } from "@/shared/flow/document";
import { mapElementNames } from "@/shared/flow/elements";
import { itemOf, mapRecord, moveKey, without } from "@/shared/flow/records";

/** Add an element, or change how it is found. */
export function setElement(name: string, element: Selector): Edit {
  return {
    label: "Change element",
    merge: `element:${name}`,
    apply: (flow): Flow =>
      itemOf(flow.elements, name) === element || shapeProblem(name) !== null
        ? flow
        : { ...flow, elements: { ...flow.elements, [name]: element } },
  };
}

export function removeElement(name: string): Edit {
  return {
    label: "Delete element",
    apply: (flow): Flow =>
      Object.hasOwn(flow.elements, name) ? { ...flow, elements: without(flow.elements, name) } : flow,
  };
}

/** Why an element cannot have that name, as a sentence; null where it can. */
export function elementNameProblem(flow: Flow, name: string, from?: string): string | null {
  const shape = shapeProblem(name);
  if (shape !== null || name === from) return shape;
  return Object.hasOwn(flow.elements, name) ? `There is already an element ${name}.` : null;
}

/** Give an element another name, and follow it in every step that names it. */
export function renameElement(from: string, to: string): Edit {
  return {
    label: "Rename element",
    apply: (flow, catalogue): Flow => {
      const isThere = Object.hasOwn(flow.elements, from);
      if (!isThere || from === to || elementNameProblem(flow, to, from) !== null) return flow;
      const nodes = mapRecord(flow.nodes, (node) =>
        mapElementNames(node, catalogue, (name) => (name === from ? to : name)),
      );
      return { ...flow, nodes, elements: moveKey(flow.elements, from, to) };
    },
  };
}
