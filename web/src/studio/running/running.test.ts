// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readCatalogue } from "@/shared/flow/catalogue";
import { emptyFlow } from "@/shared/flow/document";
import { Running } from "@/studio/running/running";
import { createEditor } from "@/studio/state/editor";
import { Saving } from "@/studio/state/saving";

/** A stream in the hands of the test. As a browser's, it repeats the last id where a message has none. */
class FakeStream extends EventTarget {
  static last: FakeStream;
  static readonly CLOSED = 2;
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  private lastId = "";

  constructor(readonly url: string) {
    super();
    FakeStream.last = this;
  }

  close() {
    this.readyState = FakeStream.CLOSED;
  }

  tell(event: string, body: object, id = this.lastId) {
    this.lastId = id;
    if (this.readyState === FakeStream.CLOSED) return;
    this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify({ event, ...body }), lastEventId: id }));
  }
}

const EXECUTION = { id: "e", state: "RUNNING", version: 1, debug: false, last_sequence: 0, started_at: null };
const SEEN = { count: 1, visits: 1, failures: 0, seconds: 1, total_seconds: 1, left_at: "2026-01-01T00:00:00Z" };
const VISITS = [
  { node: "read", state: "done", failure: null, ...SEEN },
  { node: "write", state: "done", failure: null, ...SEEN },
];

function answer(url: string): Response {
  const body = url.endsWith("/nodes") ? { items: VISITS } : EXECUTION;
  return new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } });
}

beforeEach(() => {
  vi.stubGlobal("EventSource", FakeStream);
  vi.stubGlobal("fetch", (request: Request) => Promise.resolve(answer(request.url)));
});
afterEach(() => vi.unstubAllGlobals());

async function shown() {
  const editor = createEditor({
    workflowId: "w",
    catalogue: readCatalogue([]),
    flow: emptyFlow("Orders"),
    basedOn: 1,
    readOnly: false,
  });
  const running = new Running(editor, new Saving(editor, () => undefined));
  await running.show("e");
  return { running, editor, stream: FakeStream.last };
}

test("the end is heard, though its message repeats the last sequence, and the Hub's account fills what was lost", async () => {
  const { running, editor, stream } = await shown();
  stream.tell("node.entered", { node: "read" }, "1");
  stream.tell("node.left", { node: "read", port: "next", seconds: 1 }, "2");
  stream.tell("node.entered", { node: "write" }, "3");
  stream.tell("state", { state: "COMPLETED", failure: null });
  await vi.waitFor(() => expect(editor.getState().runOverlay?.write?.state).toBe("done"));
  expect(running.store.getState()).toMatchObject({ phase: "ended", state: "COMPLETED" });
  expect(editor.getState().runOverlay?.read).toMatchObject({ state: "done", count: 1 });
  expect(stream.readyState).toBe(FakeStream.CLOSED);
});

test("a line of the log that is told twice stands there once", async () => {
  const { running, stream } = await shown();
  for (const id of ["1", "2", "2", "1"]) stream.tell("log", { at: 1, message: `line ${id}` }, id);
  await vi.waitFor(() => expect(running.store.getState().lines).toBe(2));
  expect(running.log.length).toBe(2);
});
