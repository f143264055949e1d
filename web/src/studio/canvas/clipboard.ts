import { notifications } from "@mantine/notifications";
import { ApiError, HubAwayError } from "@/shared/api/errors";
import type { Flow, Position } from "@/shared/flow/document";
import { placeOf, unionOf } from "@/shared/flow/geometry";
import { DocumentError, readDocument } from "@/shared/flow/readDocument";
import { writeDocument } from "@/shared/flow/writeDocument";
import { boxesOf } from "@/studio/canvas/boxes";
import { removeSelection } from "@/studio/canvas/removal";
import { wholeText } from "@/studio/canvas/pastedText";
import { writeYaml } from "@/studio/canvas/writeYaml";
import { copyOf, paste, pastedIds } from "@/studio/model/edits/paste";
import type { Studio } from "@/studio/core/studio";
import { arranged } from "@/studio/state/arranging";
import type { EditorStore } from "@/studio/state/editor";
import { readText } from "@/studio/state/importText";

const STEP = 40;

/**
 * What was copied last on this page: a page without a secure connection may not read the clipboard by itself, and what
 * was copied here can be pasted without the Hub.
 */
let copied: { readonly text: string; readonly part: Flow } | null = null;

/**
 * What is selected as the text of a small flow, so that it can be pasted here, elsewhere, and into an editor: as YAML,
 * which is what files and documentation have, and what people read.
 */
export function selectionText(store: EditorStore): string {
  const { flow, catalogue, selection } = store.getState();
  const part = copyOf(flow, catalogue, selection.nodes, selection.notes);
  copied = { part, text: writeYaml(writeDocument(part)) };
  return copied.text;
}

/** Copy what is selected. */
export function copySelection({ store }: Studio): void {
  void navigator.clipboard?.writeText(selectionText(store)).catch(() => undefined);
}

/** Copy what is selected, and delete it. */
export function cutSelection(studio: Studio): void {
  copySelection(studio);
  removeSelection(studio.store);
}

/** Put a copy of what is selected beside it. */
export function duplicateSelection(store: EditorStore): void {
  const { flow, catalogue, selection } = store.getState();
  const around = unionOf(Object.values(boxesOf(store.getState())));
  const offset = { x: (around?.width ?? 0) + STEP, y: 0 };
  insertPart(store, copyOf(flow, catalogue, selection.nodes, selection.notes), offset, "Duplicate");
}

/** Paste a flow that stands in the clipboard as text, in the middle of what is seen. */
export async function pasteClipboard({ store, canvas }: Studio): Promise<void> {
  const read = await navigator.clipboard?.readText().catch(() => undefined);
  await pasteText(store, read ?? copied?.text ?? "", canvas.current?.centre() ?? { x: 0, y: 0 });
}

/** Paste the steps of a text: a workflow or a part of one, as YAML or JSON. Says so where there are none. */
export async function pasteText(store: EditorStore, text: string, at: Position): Promise<void> {
  try {
    const part = await arranged(await readPart(text), store.getState().catalogue);
    const ids = Object.keys(part.nodes);
    const left = Math.min(
      ...ids.map((id) => placeOf(part, id).x),
      ...Object.values(part.layout.notes).map(({ x }) => x),
    );
    const top = Math.min(
      ...ids.map((id) => placeOf(part, id).y),
      ...Object.values(part.layout.notes).map(({ y }) => y),
    );
    insertPart(store, part, { x: Math.round(at.x - left), y: Math.round(at.y - top) });
  } catch (error) {
    const message = reasonOf(error);
    if (message === null) throw error;
    notifications.show({ color: "yellow", title: "Nothing was pasted", message });
  }
}

async function readPart(text: string): Promise<Flow> {
  if (text === copied?.text) return copied.part;
  const whole = wholeText(text);
  const flow = whole === null ? null : readDocument(readJson(whole) ?? (await readText(whole)));
  if (flow === null || Object.keys(flow.nodes).length + Object.keys(flow.layout.notes).length === 0)
    throw new DocumentError("The clipboard has no steps. Copy steps in Studio, or a workflow as text.");
  return flow;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string | null {
  if (error instanceof HubAwayError) return "The Hub does not answer, so the text could not be read. Try again later.";
  return error instanceof DocumentError || error instanceof ApiError ? error.message : null;
}

function insertPart(store: EditorStore, part: Flow, offset: Position, label?: string): void {
  const { flow, catalogue } = store.getState();
  const ids = [...pastedIds(flow, part, catalogue).values()];
  const notes = new Set(Object.keys(flow.layout.notes));
  const edit = paste(part, offset);
  store.actions.perform(label === undefined ? edit : { ...edit, label });
  const added = Object.keys(store.getState().flow.layout.notes).filter((id) => !notes.has(id));
  store.actions.select({ nodes: ids, notes: added });
}
