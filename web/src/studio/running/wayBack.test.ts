import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readCatalogue } from "@/shared/flow/catalogue";
import { emptyFlow } from "@/shared/flow/document";
import { WayBack } from "@/studio/running/wayBack";
import { createEditor } from "@/studio/state/editor";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function pausedInside() {
  const begin = {
    workflowId: "w",
    catalogue: readCatalogue([]),
    flow: emptyFlow("Caller"),
    basedOn: 1,
    readOnly: false,
  };
  const editor = createEditor(begin);
  editor.actions.revealNode("call/read");
  return { editor, way: new WayBack(editor), calls: () => editor.getState().calls };
}

test("what is revealed in a called workflow is chosen there, and its caller on the canvas", () => {
  const { editor, calls } = pausedInside();
  expect(calls()).toEqual(["call"]);
  expect(editor.getState().calledNode).toBe("read");
  expect(editor.getState().selection.nodes).toEqual(["call"]);
  editor.actions.revealNode("other");
  expect(calls()).toEqual([]);
  expect(editor.getState().calledNode).toBeNull();
});

test("after Continue the canvas comes back, unless it pauses again soon", () => {
  const { way, calls } = pausedInside();
  way.onCommand("resume");
  way.onResumed();
  way.forget();
  vi.runAllTimers();
  expect(calls()).toEqual(["call"]);
  way.onResumed();
  expect(calls()).toEqual(["call"]);
  vi.runAllTimers();
  expect(calls()).toEqual([]);
});

test("after a step it stays until the end", () => {
  const { way, calls } = pausedInside();
  way.onCommand("step_over");
  way.onResumed();
  vi.runAllTimers();
  expect(calls()).toEqual(["call"]);
  way.go();
  expect(calls()).toEqual([]);
});

test("who has gone elsewhere meanwhile stays there", () => {
  const { editor, way, calls } = pausedInside();
  way.onCommand("resume");
  way.onResumed();
  editor.actions.lookInto(["call", "inner"]);
  vi.runAllTimers();
  way.go();
  expect(calls()).toEqual(["call", "inner"]);
});
