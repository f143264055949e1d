import { arrange } from "@/shared/flow/arrange";
import type { Catalogue } from "@/shared/flow/catalogue";
import type { Flow, Position } from "@/shared/flow/document";
import { isArranged } from "@/shared/flow/geometry";
import { itemOf } from "@/shared/flow/records";
import { layeringByElk } from "@/shared/flow/layering";
import { applyLayout } from "@/studio/model/edits/places";
import type { EditorStore } from "@/studio/state/editor";

/** Arrange all steps of the flow, as one edit. */
export async function arrangeAll(store: EditorStore): Promise<void> {
  const { flow, catalogue } = store.getState();
  const places = await arrange(flow, catalogue, layeringByElk);
  store.actions.perform(applyLayout(places));
}

/** The flow with a place for every step, as it is where all have one. A flow from a file may have none. */
export async function arranged(flow: Flow, catalogue: Catalogue): Promise<Flow> {
  if (isArranged(flow)) return flow;
  const places = await arrange(flow, catalogue, layeringByElk);
  return applyLayout(besideKnown(flow, places)).apply(flow, catalogue);
}

/** Places for the steps that have none: as the layout has them, seen from a step before them that stands already. */
function besideKnown(flow: Flow, places: Readonly<Record<string, Position>>): Record<string, Position> {
  const found: Record<string, Position> = {};
  const placeOf = (id: string) => itemOf(flow.layout.nodes, id) ?? itemOf(found, id);
  for (const [id, place] of Object.entries(places)) {
    if (Object.hasOwn(flow.layout.nodes, id)) continue;
    const before = flow.edges.find((edge) => edge.target === id && placeOf(edge.source) !== undefined)?.source ?? "";
    const [known, own] = [placeOf(before), itemOf(places, before)];
    found[id] = known && own ? { x: known.x + place.x - own.x, y: known.y + place.y - own.y } : place;
  }
  return found;
}
