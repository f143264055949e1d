import { expect, test } from "vitest";
import { readDocument } from "@/shared/flow/readDocument";
import { breakpointMarks, breakpointsOf } from "@/studio/running/breakpoints";

const flow = readDocument({
  name: "Caller",
  nodes: { call: { do: "call_workflow", with: { workflow: "Inner" } } },
  edges: ["start -> call"],
  layout: {
    breakpoints: {
      call: {},
      "call/read": { condition: "total > 2" },
      "call/write": { enabled: false },
      "call/inner/read": {},
    },
  },
});

test("a session gets those that count, under the names that its events have", () => {
  expect(breakpointsOf(flow)).toEqual([
    { node: "call", condition: null },
    { node: "call/read", condition: "total > 2" },
    { node: "call/inner/read", condition: null },
  ]);
});

test("each graph shows its own", () => {
  const { breakpoints } = flow.layout;
  expect([...breakpointMarks(breakpoints, [])]).toEqual([["call", { breakpoint: "always" }]]);
  expect([...breakpointMarks(breakpoints, ["call"])]).toEqual([
    ["read", { breakpoint: "conditional" }],
    ["write", { breakpoint: "resting" }],
  ]);
  expect([...breakpointMarks(breakpoints, ["call", "inner"])]).toEqual([["read", { breakpoint: "always" }]]);
});
