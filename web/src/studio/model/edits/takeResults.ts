import type { Edit } from "@/studio/model/edit";
import { setInput } from "@/studio/model/edits/fields";
import { isMeantFor, kindsTaken, referenceTo, resultsBefore, resultsOfStep, type Kind } from "@/studio/model/results";
import { ERROR, nodeOf } from "@/shared/flow/document";

/**
 * Let a step take what the steps before it give: of each kind, its first required input that is empty becomes a
 * reference to the latest result that is there on every way. Where nothing fits, the input stays empty.
 */
export function takeResults(step: string): Edit {
  return {
    label: "Take results",
    apply: (flow, catalogue) => {
      const node = nodeOf(flow, step);
      if (node === undefined) return flow;
      const empty = catalogue
        .entryOf(node)
        .inputs.filter(({ name, required }) => required && !Object.hasOwn(node.with, name));
      if (empty.every((input) => kindsTaken(input).length === 0)) return flow;
      const results = resultsBefore(flow, catalogue, step);
      const taken = new Set<Kind>();
      let changed = flow;
      for (const input of empty) {
        const result = results.find((one) => isMeantFor(one, input));
        if (result === undefined || result.kind === null || taken.has(result.kind)) continue;
        taken.add(result.kind);
        changed = setInput(step, input.name, referenceTo(result)).apply(changed, catalogue);
      }
      return changed;
    },
  };
}

/**
 * Let the steps that follow an inserted one directly take its result where they took what it takes itself: a filter
 * between reading and sorting is sorted then. Steps further on stay as they are.
 */
export function handOn(step: string): Edit {
  return {
    label: "Hand results on",
    apply: (flow, catalogue) => {
      const node = nodeOf(flow, step);
      const [result] = resultsOfStep(flow, catalogue, step);
      if (node === undefined || result === undefined) return flow;
      const entry = catalogue.entryOf(node);
      const taken = entry.inputs.filter((input) => isMeantFor(result, input)).map(({ name }) => node.with[name]);
      const followers = flow.edges.filter(({ source, port }) => source === step && port !== ERROR);
      let changed = flow;
      for (const { target } of followers) {
        const follower = nodeOf(changed, target);
        for (const input of follower === undefined ? [] : catalogue.entryOf(follower).inputs) {
          const value = follower?.with[input.name];
          if (value === undefined || !taken.includes(value) || !isMeantFor(result, input)) continue;
          changed = setInput(target, input.name, referenceTo(result)).apply(changed, catalogue);
        }
      }
      return changed;
    },
  };
}
