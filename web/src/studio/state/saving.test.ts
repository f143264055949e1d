import { afterEach, expect, test, vi } from "vitest";
import { api } from "@/shared/api/client";
import { readCatalogue } from "@/shared/flow/catalogue";
import { emptyFlow } from "@/shared/flow/document";
import { setFlowProperties } from "@/studio/model/edits/declarations";
import { createEditor, isDirty } from "@/studio/state/editor";
import { Saving } from "@/studio/state/saving";

afterEach(() => vi.restoreAllMocks());

/** A Hub that answers a save when it is told to; the descriptions that it was sent. */
function slowHub() {
  const answers: (() => void)[] = [];
  const sent: unknown[] = [];
  const post = async (_path: unknown, { body }: { body: { document: { description?: string } } }) => {
    sent.push(body.document.description);
    await new Promise<void>((answer) => answers.push(answer));
    return { data: { version: { number: sent.length + 1 } } };
  };
  vi.spyOn(api, "POST").mockImplementation(post as never);
  const answer = async () => {
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    answers.shift()?.();
  };
  return { sent, answer };
}

test("what is changed while a save is under way is not saved by it, and a second save waits for the first", async () => {
  const hub = slowHub();
  const editor = createEditor({
    workflowId: "w",
    catalogue: readCatalogue([]),
    flow: emptyFlow("Saved"),
    basedOn: 1,
    readOnly: false,
  });
  const saving = new Saving(editor, () => undefined);
  editor.actions.perform(setFlowProperties({ description: "first" }));
  const first = saving.save();
  editor.actions.perform(setFlowProperties({ description: "second" }));
  const second = saving.save();
  await hub.answer();
  expect(await first).toBe(true);
  expect(isDirty(editor.getState())).toBe(true);
  await hub.answer();
  expect(await second).toBe(true);
  expect(isDirty(editor.getState())).toBe(false);
  expect([hub.sent, editor.getState().basedOn]).toEqual([["first", "second"], 3]);
});
