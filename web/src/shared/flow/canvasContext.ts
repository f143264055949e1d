import { createContext } from "react";

/** What can be done at the parts of a picture; null where it is only looked at. */
export interface CanvasActions {
  /** Ask for a step that follows a port. */
  addAfter: (source: string, port: string) => void;
  /** Ask for a step that stands on an edge. */
  insertOn: (edge: string) => void;
}

export const CanvasActionsContext = createContext<CanvasActions | null>(null);

/** Shows a block as one step, or in full again; null where it stays as it is. */
export const FoldContext = createContext<((node: string, folded: boolean) => void) | null>(null);

/** What can be done about the breakpoint at a step; null where breakpoints are only looked at. */
export interface BreakpointActions {
  toggle: (node: string) => void;
  /** Lets somebody write its condition; where there is none yet, it is set first. */
  editCondition: (node: string) => void;
}

export const BreakpointContext = createContext<BreakpointActions | null>(null);

/** Whether the picture is so far away that texts could not be read. */
export const FarContext = createContext(false);

/** The edge that something is about to be dropped on. */
export const DropEdgeContext = createContext<string | null>(null);
