import type { Catalogue } from "@/shared/flow/catalogue";
import type { Flow } from "@/shared/flow/document";

/**
 * A change of a flow, as a pure function. Where the change is not possible, or changes nothing, `apply` gives the flow
 * itself back. What stays the same keeps its identity, so that comparing references finds what changed.
 */
export interface Edit {
  /** What the undo button calls it, such as `Delete 3 steps`. */
  readonly label: string;
  readonly apply: (flow: Flow, catalogue: Catalogue) => Flow;
  /** Edits that follow one another with the same key are one step of undo. */
  readonly merge?: string;
}

/** Several edits as one. */
export function together(label: string, edits: readonly Edit[]): Edit {
  return { label, apply: (flow, catalogue) => edits.reduce((result, edit) => edit.apply(result, catalogue), flow) };
}
