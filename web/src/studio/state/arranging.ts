import { arrange } from "@/shared/flow/arrange";
import type { Catalogue } from "@/shared/flow/catalogue";
import type { Flow } from "@/shared/flow/document";
import { isArranged } from "@/shared/flow/geometry";
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
  return applyLayout(await arrange(flow, catalogue, layeringByElk)).apply(flow, catalogue);
}
