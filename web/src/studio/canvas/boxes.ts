import { placeOf, pictureOf, type Rect } from "@/shared/flow/geometry";
import { analyseGraph } from "@/shared/flow/graph";
import { CARD } from "@/shared/flow/geometry";
import type { EditorState } from "@/studio/state/editor";

/** Where the selected steps stand, without those that move along inside another one. */
export function boxesOf({ flow, catalogue, selection }: EditorState): Record<string, Rect> {
  const graph = analyseGraph(flow, catalogue);
  const picture = pictureOf(flow, catalogue, graph);
  const chosen = new Set(selection.nodes);
  const isInside = (id: string) => {
    for (let at = graph.bodyOf.get(id)?.owner ?? null; at !== null; at = graph.bodyOf.get(at)?.owner ?? null)
      if (chosen.has(at)) return true;
    return false;
  };
  const outer = selection.nodes.filter((id) => !isInside(id));
  return Object.fromEntries(outer.map((id) => [id, picture.rects.get(id) ?? { ...placeOf(flow, id), ...CARD }]));
}
