import { createContext, useContext } from "react";
import type { Schemas } from "@/shared/api/client";

type FlowProblem = Schemas["FlowProblem"];

/** What all fields of one form share. */
export interface FormState {
  readOnly: boolean;
  /** The problems of the node that the form is about. */
  problems: readonly FlowProblem[];
  /** The variables that are declared, for fields that name one. */
  variables: readonly string[];
}

export const FormContext = createContext<FormState>({ readOnly: true, problems: [], variables: [] });

export function useForm(): FormState {
  return useContext(FormContext);
}

/** The problems of a field: those of the value at `path`, and of what stands inside of it. For null, those of no field. */
export function useProblemsAt(path: string | null): readonly FlowProblem[] {
  return useForm().problems.filter(({ field }) =>
    path === null ? field === null || field === undefined : field === path || field?.startsWith(`${path}.`),
  );
}
