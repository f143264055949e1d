import { refusalOf, type Schemas } from "@/shared/api/client";
import { HubAwayError } from "@/shared/api/errors";
import { readDocument } from "@/shared/flow/readDocument";
import { arranged } from "@/studio/state/arranging";
import type { EditorStore } from "@/studio/state/editor";

/** Puts the workflow of a text or file in the place of what is edited; only the name stays. Throws what is refused. */
export async function importText(store: EditorStore, source: File | string): Promise<void> {
  const read = readDocument(await readText(source));
  const flow = await arranged(read, store.getState().catalogue);
  store.actions.perform({ label: "Import from a file", apply: (before) => ({ ...flow, name: before.name }) });
}

/** The document that a text is, YAML or JSON. The Hub reads it, and says what is wrong with it. */
export async function readText(source: File | string): Promise<Schemas["DocumentToCheck"]["document"]> {
  const request = { method: "POST", headers: { "Content-Type": "application/yaml" }, body: source };
  const response = await fetch("/api/workflows/read", request).catch(() => {
    throw new HubAwayError();
  });
  if (!response.ok) throw await refusalOf(response);
  return ((await response.json()) as Schemas["DocumentToCheck"]).document;
}
