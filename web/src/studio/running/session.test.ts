import { expect, test } from "vitest";
import type { JsonObject } from "@/shared/flow/document";
import { follow, isShortened, NO_SESSION } from "@/studio/running/session";
import type { RunEvent } from "@/studio/running/events";

const paused = (scope: JsonObject): RunEvent => ({ event: "debug.paused", node: "add", reason: "step", scope });
const resumed: RunEvent = { event: "debug.resumed" };

test("nothing is changed at the first pause; later what is new or another value", () => {
  const first = follow(NO_SESSION, [paused({ total: 1, rows: [1, 2] })]);
  expect(first.pause?.scope).toEqual({ total: 1, rows: [1, 2] });
  expect([...first.changed]).toEqual([]);
  const second = follow(first, [resumed, paused({ total: 2, rows: [1, 2], item: null })]);
  expect([...second.changed]).toEqual(["total", "item"]);
  expect(second.pause?.number).toBe(2);
});

test("a value that was set shows at once and is marked; at the next pause only if it changed again", () => {
  const set = follow(NO_SESSION, [
    paused({ total: 1, name: "a" }),
    { event: "variable.changed", name: "total", preview: 99 },
  ]);
  expect(set.pause?.scope.total).toBe(99);
  expect([...set.changed]).toEqual(["total"]);
  expect([...follow(set, [resumed, paused({ total: 99, name: "a" })]).changed]).toEqual([]);
});

test("answers and refusals are kept, whatever else happens", () => {
  const session = follow(NO_SESSION, [
    paused({}),
    { event: "debug.evaluated", id: "w1", value: 3 },
    { event: "debug.evaluated", id: "w2", error: "There is no `x`." },
    { event: "debug.refused", command: "set_variable", message: "It must be a number." },
    resumed,
  ]);
  expect(session.pause).toBeNull();
  expect(session.answers.get("w1")).toEqual({ value: 3 });
  expect(session.answers.get("w2")).toEqual({ error: "There is no `x`." });
  expect(session.refusals).toEqual([{ number: 1, command: "set_variable", message: "It must be a number." }]);
});

test("events that say nothing of debugging leave the session as it is", () => {
  expect(follow(NO_SESSION, [{ event: "log", at: 0, message: "x" }, resumed])).toBe(NO_SESSION);
});

test.each([
  ["abc…", true],
  ["<list, 1,000 items>", true],
  [[1, 2, "… 12 more"], true],
  [{ a: { b: "long…" } }, true],
  [{ a: 1, "…": "3 more" }, true],
  [{ columns: ["a"], rows: [[1]], length: 5 }, true],
  [{ columns: ["a"], rows: [[1]], length: 1 }, false],
  ["plain", false],
  [[1, "two", null], false],
  [null, false],
])("%j is shortened: %s", (value, shortened) => {
  expect(isShortened(value)).toBe(shortened);
});
