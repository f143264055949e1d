import { createContext, use } from "react";
import type { CanvasSlot } from "@/studio/core/canvasPort";
import type { Running } from "@/studio/running/running";
import type { EditorStore } from "@/studio/state/editor";
import type { Saving } from "@/studio/state/saving";

/** All that a command may work with. */
export interface Studio {
  readonly store: EditorStore;
  readonly saving: Saving;
  readonly canvas: CanvasSlot;
  readonly run: Running;
}

export const StudioContext = createContext<Studio | null>(null);

/** The Studio page around. */
export function useStudio(): Studio {
  const studio = use(StudioContext);
  if (studio === null) throw new Error("This belongs in a Studio page.");
  return studio;
}
