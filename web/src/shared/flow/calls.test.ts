import { expect, test } from "vitest";
import { behind, calledBy, callsTo, failedName, idIn, nameOf, outermost, seenFrom } from "@/shared/flow/calls";

test.each([
  ["read", [], "read", "read"],
  ["call/read", ["call"], "read", "call"],
  ["call/inner/read", ["call", "inner"], "read", "call"],
] as const)("%s is taken apart and put together again", (name, calls, id, first) => {
  expect(callsTo(name)).toEqual(calls);
  expect(idIn(name)).toBe(id);
  expect(outermost(name)).toBe(first);
  expect(nameOf(calls, id)).toBe(name);
});

test.each([
  [[], "call/read", "call"],
  [["call"], "call/read", "read"],
  [["call"], "call/inner/read", "inner"],
  [["call"], "call", null],
  [["call"], "call_2/read", null],
  [["other"], "call/read", null],
] as const)("from %j, %s is seen in %s", (calls, node, seen) => {
  expect(seenFrom(calls, node)).toBe(seen);
});

test("what is known behind calls has the ids there, and nothing of other graphs", () => {
  const known = { call: 1, "call/read": 2, "call/inner": 3, "call/inner/read": 4, "call_2/read": 5 };
  expect(behind(known, [])).toEqual({ call: 1 });
  expect(behind(known, ["call"])).toEqual({ read: 2, inner: 3 });
  expect(behind(known, ["call", "inner"])).toEqual({ read: 4 });
  expect(behind({ "call/__proto__": 1 }, ["call"])).toEqual(Object.fromEntries([["__proto__", 1]]));
});

test("a failure in a called workflow is found among those that failed", () => {
  const failed = ["read", "call", "call/read", "call/each"];
  expect(failedName({ node: "read", workflow: "Inner" }, failed)).toBe("call/read");
  expect(failedName({ node: "read", workflow: null }, failed)).toBe("read");
  expect(failedName({ node: "write", workflow: "Inner" }, failed)).toBeNull();
  expect(failedName({ node: "read", workflow: "Inner" }, ["read"])).toBeNull();
  expect(failedName({}, failed)).toBeNull();
});

test("only a Call Workflow node with a name calls a workflow", () => {
  expect(calledBy({ do: "call_workflow", with: { workflow: "Convert" } })).toEqual({ name: "Convert", pinned: null });
  expect(calledBy({ do: "call_workflow", with: {} })).toBeNull();
  expect(calledBy({ do: "general.log", with: { workflow: "Convert" } })).toBeNull();
  expect(calledBy(undefined)).toBeNull();
});

test.each([
  [null, { name: "Convert", pinned: null }],
  [3, { name: "Convert", pinned: 3 }],
  [0, null],
  [1.5, null],
  ["3", null],
] as const)("a call with the version %j gets %j", (version, call) => {
  expect(calledBy({ do: "call_workflow", with: { workflow: "Convert", version } })).toEqual(call);
});
