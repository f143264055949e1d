import { useMemo, useState } from "react";
import type { Flow } from "@/shared/flow/document";
import { pictureOf } from "@/shared/flow/geometry";
import { analyseGraph } from "@/shared/flow/graph";
import { pictureEdges } from "@/shared/flow/pictureEdges";
import { PictureNodes, type Decoration } from "@/shared/flow/pictureNodes";
import { breakpointMarks } from "@/studio/running/breakpoints";
import { foldedNodes, groupNodes, noteNodes } from "@/studio/canvas/extraPicture";
import { useDragging } from "@/studio/canvas/useDragging";
import { useEditor, type FlowProblem, useShownProblems } from "@/studio/state/editor";

/** The nodes and edges of the canvas, made of the flow, the selection, the problems and what a run told. */
export function useCanvasPicture(groups: readonly string[]) {
  const flow = useEditor((state) => state.flow);
  const catalogue = useEditor((state) => state.catalogue);
  const selection = useEditor((state) => state.selection);
  const problems = useShownProblems();
  const overlay = useEditor((state) => state.runOverlay);
  const [maker] = useState(() => new PictureNodes());
  const drawn = useMemo(() => {
    const graph = analyseGraph(flow, catalogue);
    return { flow, graph, picture: pictureOf(flow, catalogue, graph) };
  }, [flow, catalogue]);
  const { moving, onMove, onDrop } = useDragging(drawn);
  const decorations = useMemo(
    () => decorationsOf(flow.layout.breakpoints, problems),
    [flow.layout.breakpoints, problems],
  );
  const folded = useMemo(() => foldedNodes(flow, drawn.graph), [flow, drawn]);
  const nodes = useMemo(() => {
    const picture = moving.size > 0 ? pictureOf(flow, catalogue, drawn.graph, moving) : drawn.picture;
    const selected = new Set(selection.nodes);
    const common = { flow, catalogue, graph: drawn.graph, picture, decorations, overlay, marks: null };
    return [
      ...groupNodes(flow, picture, new Set(groups)),
      ...noteNodes(flow, moving, new Set(selection.notes)),
      ...maker.make({ ...common, selected, folded }),
    ];
  }, [maker, flow, catalogue, drawn, moving, selection, decorations, overlay, folded, groups]);
  const edges = useMemo(() => {
    const shownAs = (id: string) => folded.get(id) ?? drawn.picture.hidden.get(id) ?? id;
    return pictureEdges({ flow, catalogue, graph: drawn.graph, shownAs, selected: new Set(selection.edges), overlay });
  }, [flow, catalogue, drawn, folded, selection.edges, overlay]);
  return { nodes, edges, drawn, onMove, onDrop };
}

function decorationsOf(
  breakpoints: Flow["layout"]["breakpoints"],
  problems: readonly FlowProblem[],
): Map<string, Decoration> {
  const found = new Map<string, Decoration>();
  for (const problem of problems) {
    if (!problem.node) continue;
    const before = found.get(problem.node);
    found.set(problem.node, {
      problem: problem.severity === "error" || before?.problem === "error" ? "error" : "warning",
      problems: [before?.problems, problem.message].filter(Boolean).join(" "),
    });
  }
  for (const [id, mark] of breakpointMarks(breakpoints, [])) found.set(id, { ...found.get(id), ...mark });
  return found;
}
