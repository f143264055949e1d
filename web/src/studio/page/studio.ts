import { createContext, use } from "react";
import type { Position } from "@/shared/flow/document";
import type { Running } from "@/studio/running/running";
import type { EditorStore } from "@/studio/state/editor";
import type { Saving } from "@/studio/state/saving";

/** Where the picker puts the step that somebody chooses. */
export type Place =
  | { readonly kind: "after"; readonly source: string; readonly port: string; readonly at?: Position }
  | { readonly kind: "edge"; readonly edge: string }
  | { readonly kind: "free"; readonly at: Position };

/** What the canvas can be asked to do; its positions are those of the flow. */
export interface CanvasPort {
  /** Bring nodes into view. */
  show(nodes: readonly string[]): void;
  fit(): void;
  zoomBy(factor: number): void;
  zoomTo(zoom: number): void;
  /** The middle of what is seen. */
  centre(): Position;
  /** Add a step of that kind where it fits best: behind what is selected, else in the middle of what is seen. */
  insert(activity: string): void;
  /** Ask for a step; at the place that fits the selection where none is given. */
  pick(place?: Place): void;
  openSearch(): void;
  /** Give the canvas the keyboard. */
  focus(): void;
}

/** Where the canvas makes itself known to the rest of the page. */
export class CanvasSlot {
  private ports: readonly CanvasPort[] = [];

  /** The canvas that is seen; null until one is drawn. */
  get current(): CanvasPort | null {
    return this.ports.at(-1) ?? null;
  }

  /** Make a canvas known, which lies over those before. Gives the way to take that back. */
  attach(port: CanvasPort): () => void {
    this.ports = [...this.ports, port];
    return () => {
      this.ports = this.ports.filter((other) => other !== port);
    };
  }
}

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
