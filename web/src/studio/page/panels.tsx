import type { ComponentType } from "react";
import { Toolbox } from "@/studio/toolbox/Toolbox";

/** A panel around the canvas. Its component finds all it needs by `useEditor` and `useStudio`. */
export interface Panel {
  readonly id: string;
  readonly title: string;
  readonly place: "left" | "right" | "bottom";
  readonly component: ComponentType;
  /** Something small behind the title, such as a count. */
  readonly badge?: ComponentType;
}

/** All panels, in the order of their tabs. A new one is a line here. */
export const panels: readonly Panel[] = [{ id: "toolbox", title: "Steps", place: "left", component: Toolbox }];
