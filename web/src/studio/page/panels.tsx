import type { ComponentType } from "react";
import { ShownProperties } from "@/studio/properties/ShownProperties";
import { DebugPanel } from "@/studio/debug/DebugPanel";
import { ProblemsBadge } from "@/studio/problems/ProblemsBadge";
import { ProblemsPanel } from "@/studio/problems/ProblemsPanel";
import { LogPanel } from "@/studio/run/LogPanel";
import { ResultPanel } from "@/studio/run/ResultPanel";
import { Toolbox } from "@/studio/toolbox/Toolbox";
import { VariablesPanel } from "@/studio/variables/VariablesPanel";

/** A panel around the canvas. Its component finds all it needs by `useEditor` and `useStudio`. */
export interface Panel {
  readonly id: string;
  readonly title: string;
  readonly place: "left" | "right" | "bottom";
  readonly component: ComponentType;
  /** Something small behind the title, such as a count. */
  readonly badge?: ComponentType;
  /** Whether it is of no use where one may only look. */
  readonly changes?: boolean;
}

/** All panels, in the order of their tabs. A new one is a line here. */
export const panels: readonly Panel[] = [
  { id: "toolbox", title: "Steps", place: "left", component: Toolbox },
  { id: "properties", title: "Properties", place: "right", component: ShownProperties },
  { id: "debug", title: "Debug", place: "right", component: DebugPanel, changes: true },
  { id: "problems", title: "Problems", place: "bottom", component: ProblemsPanel, badge: ProblemsBadge },
  { id: "variables", title: "Variables", place: "bottom", component: VariablesPanel },
  { id: "log", title: "Log", place: "bottom", component: LogPanel },
  { id: "result", title: "Result", place: "bottom", component: ResultPanel },
];
