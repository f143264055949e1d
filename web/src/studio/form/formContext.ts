import { createContext, useContext } from "react";
import type { Schemas } from "@/shared/api/client";
import type { Call } from "@/shared/flow/calls";

type FlowProblem = Schemas["FlowProblem"];

/** What all fields of one form share. */
export interface FormState {
  readOnly: boolean;
  /** The step that the form is about, where it is about one. */
  node?: string;
  /** The problems of the node that the form is about. */
  problems: readonly FlowProblem[];
  /** The required fields that a step that was just added still lacks: no problems yet. */
  lacks?: readonly string[];
  /** The variables that are declared, for fields that name one. */
  variables: readonly string[];
  /** What the node calls, for fields that are about it; null where it calls nothing. */
  called: Call | null;
}

export const FormContext = createContext<FormState>({ readOnly: true, problems: [], variables: [], called: null });

export function useForm(): FormState {
  return useContext(FormContext);
}

/** The problems of a field: those of the value at `path`, and of what stands inside of it. For null, those of no field. */
export function useProblemsAt(path: string | null): readonly FlowProblem[] {
  return useForm().problems.filter((problem) => isAt(problem, path));
}

/** Whether a problem is that of the value at `path`, or of what stands inside of it; for null, of no field. */
export function isAt({ field }: FlowProblem, path: string | null): boolean {
  if (path === null) return field === null || field === undefined;
  return field === path || field?.startsWith(`${path}.`) === true;
}
