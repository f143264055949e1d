import type { Position } from "@/shared/flow/document";

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
  /** Bring a new step into view, and lead to what has to be filled in first. */
  begin(node: string): void;
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
