import { expect, test } from "vitest";
import type { RunEvent } from "@/studio/running/events";
import { failedAt, NOTHING_TOLD, overlayOf, settled, tell, toldOf } from "@/studio/running/told";

const entered = (node: string, count = 1): RunEvent => ({ event: "node.entered", node, count });
const left = (node: string, count = 1, seconds = 1): RunEvent => ({
  event: "node.left",
  node,
  count,
  seconds,
  port: "next",
  preview: [count],
});

function overlayAfter(...events: RunEvent[]) {
  return overlayOf(tell(NOTHING_TOLD, events), null, ["read", "each", "write"]);
}

test("a node runs from when it is entered until it is left", () => {
  expect(overlayAfter(entered("read"))).toEqual({ read: { state: "running" } });
  expect(overlayAfter(entered("read"), left("read", 1, 0.5))).toEqual({
    read: { state: "done", count: 1, seconds: 0.5, note: "[1]" },
  });
});

test("a loop's visits add up, and totals make them exact", () => {
  const events = [entered("each"), left("each"), entered("each", 2), left("each", 2)];
  expect(overlayAfter(...events).each).toMatchObject({ state: "done", count: 2, seconds: 2 });
  const totals: RunEvent = { event: "node.totals", totals: [["each", 900, 12.5, 3]] };
  expect(overlayAfter(...events, totals).each).toMatchObject({ state: "done", count: 900, seconds: 12.5 });
});

test("a step's warnings stand with it, whatever becomes of its visits", () => {
  const totals: RunEvent = { event: "node.totals", totals: [["each", 2, 1, 0, 2, "An odd date."]] };
  const warned = { warnings: 2, warning: "An odd date." };
  expect(overlayAfter(entered("each"), totals).each).toMatchObject(warned);
  expect(overlayAfter(entered("each"), totals, entered("each", 3), left("each", 3)).each).toMatchObject(warned);
});

test("a step of which only the warnings are new is drawn again", () => {
  const before = overlayAfter(entered("each"), left("each"));
  const told = tell(NOTHING_TOLD, [
    entered("each"),
    left("each"),
    { event: "node.totals", totals: [["each", 1, 1, 0, 1, "Odd."]] },
  ]);
  expect(overlayOf(told, before, ["each"]).each).not.toBe(before.each);
});

test("a visit whose end is not told ends with the totals", () => {
  const told = tell(NOTHING_TOLD, [entered("each", 7)]);
  expect(overlayOf(told, null).each?.state).toBe("running");
  const after = tell(told, [{ event: "node.totals", totals: [["each", 7, 1]] }]);
  expect(overlayOf(after, null).each?.state).toBe("done");
});

test("a failure shows its message, and a visit that succeeds takes it away", () => {
  const failed: RunEvent = {
    event: "node.left",
    node: "read",
    port: "error",
    seconds: 1,
    failure: { type: "A", message: "No file." },
  };
  expect(overlayAfter(entered("read"), failed).read).toMatchObject({ state: "failed", note: "No file." });
  expect(overlayAfter(entered("read"), failed, entered("read", 2), left("read", 2)).read?.state).toBe("done");
});

test("a pause in a called workflow marks the node that calls it", () => {
  const paused: RunEvent = { event: "debug.paused", node: "each/inner", reason: "step", scope: {} };
  const overlay = overlayAfter(entered("each"), entered("each/inner"), paused);
  expect(overlay).toEqual({ each: { state: "paused", note: "Paused in each/inner." } });
  expect(overlayAfter(entered("each"), paused, { event: "debug.resumed" }).each?.state).toBe("running");
});

test("in the called workflow the node itself is marked, and what ran there", () => {
  const events = [
    entered("each"),
    entered("each/read"),
    left("each/read"),
    entered("each/inner"),
    entered("each/inner/x"),
  ];
  const paused: RunEvent = { event: "debug.paused", node: "each/inner/x", reason: "step", scope: {} };
  const told = tell(NOTHING_TOLD, [...events, paused]);
  expect(overlayOf(told, null, [], ["each"])).toEqual({
    read: { state: "done", count: 1, seconds: 1, note: "[1]" },
    inner: { state: "paused", note: "Paused in each/inner/x." },
  });
  expect(overlayOf(told, null, [], ["each", "inner"])).toEqual({
    x: { state: "paused", note: "Paused before this step." },
  });
  expect(overlayOf(told, null, [], ["other"])).toEqual({});
  const ended = tell(told, [{ event: "execution.finished", state: "STOPPED" }]);
  expect(overlayOf(ended, null, ["x", "y"], ["each", "inner"]).y).toEqual({ state: "skipped" });
});

test("a failure in a called workflow is found at the node that failed there", () => {
  const failure = { type: "A", message: "No file.", node: "read", workflow: "Inner" };
  const failed: RunEvent = { event: "node.left", node: "each/read", port: "error", seconds: 1, failure };
  const told = tell(NOTHING_TOLD, [entered("read"), entered("each"), entered("each/read"), failed]);
  expect(failedAt(told, failure)).toBe("each/read");
  expect(failedAt(told, { ...failure, workflow: null })).toBe("read");
  expect(failedAt(NOTHING_TOLD, failure)).toBeNull();
  expect(failedAt(told, { ...failure, node: null })).toBeNull();
});

test("at the end the rest was skipped, and what still ran was stopped", () => {
  const overlay = overlayAfter(entered("read"), left("read"), entered("each"), {
    event: "execution.finished",
    state: "STOPPED",
  });
  expect(overlay.read?.state).toBe("done");
  expect(overlay.each).toEqual({ state: "stopped", note: "Stopped while it was running." });
  expect(overlay.write).toEqual({ state: "skipped" });
});

test("a branch of a Parallel that was stopped with the run is no failure", () => {
  const failure = { type: "StoppedError", message: "`each` was stopped before it ended." };
  const stopped: RunEvent = { event: "node.left", node: "each", port: "error", seconds: 1, failure };
  expect(overlayAfter(entered("each"), stopped).each).toMatchObject({ state: "stopped", note: failure.message });
});

test("at the end the Hub's account counts, whatever the stream lost or told twice", () => {
  const failure = { type: "A", message: "No file.", node: "write" };
  const lossy = tell(NOTHING_TOLD, [
    ...[entered("read"), entered("each", 2), entered("each", 2), left("each", 2), left("each", 1)],
    { event: "execution.finished", state: "FAILED", failure },
  ]);
  const seen = { count: 1, failures: 0, seconds: 1, left_at: "2026-01-01", failure: null, preview: null };
  const visit = (node: string, visits: number) => ({ ...seen, node, visits, total_seconds: visits, state: "done" });
  const visits = [visit("read", 1), visit("each", 3)] as unknown as Parameters<typeof settled>[1];
  expect(overlayOf(settled(lossy, visits, failure), null, ["read", "each", "write", "rest"])).toEqual({
    read: { state: "done", count: 1, seconds: 1 },
    each: { state: "done", count: 3, seconds: 3 },
    write: { state: "failed", note: "No file." },
    rest: { state: "skipped" },
  });
});

test("a step whose fields could not be read failed, though it never began", () => {
  const failure = { type: "TemplateError", message: "There is no `x`.", node: "read" };
  const overlay = overlayAfter({ event: "execution.finished", state: "FAILED", failure });
  expect(overlay.read).toEqual({ state: "failed", note: "There is no `x`." });
  expect(overlay.each).toEqual({ state: "skipped" });
});

test("what says the same stays the same object, and nothing is changed by other events", () => {
  const told = tell(NOTHING_TOLD, [entered("read"), left("read"), entered("each")]);
  const before = overlayOf(told, null);
  const after = overlayOf(tell(told, [entered("write")]), before);
  expect(after.read).toBe(before.read);
  expect(after.each).toBe(before.each);
  expect(tell(told, [{ event: "log", at: 0, message: "x" }])).toBe(told);
});

test("names of objects are nodes like any other", () => {
  expect(overlayAfter(entered("constructor"), entered("toString"))).toHaveProperty("toString", { state: "running" });
});

test("an earlier execution looks as it did live", () => {
  const visit = {
    sequence: 4,
    node: "read",
    state: "failed",
    count: 2,
    entered_at: null,
    left_at: "2026-11-20T10:00:00Z",
    seconds: 1,
    port: null,
    inputs: null,
    preview: null,
    size: null,
    failure: { type: "A", message: "No file.", kind: "application", retryable: false },
    visits: 2,
    failures: 1,
    total_seconds: 3,
  } as const;
  expect(overlayOf(toldOf([visit as never], true), null, ["read", "write"])).toEqual({
    read: { state: "failed", count: 2, seconds: 3, note: "No file." },
    write: { state: "skipped" },
  });
});
