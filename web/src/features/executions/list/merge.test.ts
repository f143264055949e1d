import { expect, test } from "vitest";
import { fits, mergeInto } from "@/features/executions/list/merge";
import type { Execution } from "@/features/executions/queries";
import type { ExecutionChange } from "@/shared/live/executionChanges";

const row = (id: string) => ({ id, state: "QUEUED", workflow_name: "Orders", created_by_name: "ada" }) as Execution;
const change = {
  id: "b",
  state: "RUNNING",
  workflow_id: "w",
  workflow_name: "Price the Orders",
  source: "manual",
} as ExecutionChange;

test("changes the row where it stands and leaves the others as they are", () => {
  const page = { items: [row("c"), row("b"), row("a")], next_cursor: "x" };
  const merged = mergeInto(page, new Map([["b", change]]));
  expect(merged.items.map(({ id, state }) => [id, state])).toEqual([
    ["c", "QUEUED"],
    ["b", "RUNNING"],
    ["a", "QUEUED"],
  ]);
  expect(merged.items[1]?.created_by_name).toBe("ada");
  expect(merged.items[0]).toBe(page.items[0]);
  expect(merged.next_cursor).toBe("x");
});

test("a page without the row stays the very same", () => {
  const page = { items: [row("c")], next_cursor: null };
  expect(mergeInto(page, new Map([["b", change]]))).toBe(page);
});

test("an execution belongs to a list when all filters fit", () => {
  expect(fits(change, {})).toBe(true);
  expect(fits(change, { state: ["RUNNING"], workflow_id: "w", text: "ORDERS" })).toBe(true);
  expect(fits(change, { state: ["FAILED"] })).toBe(false);
  expect(fits(change, { workflow_id: "other" })).toBe(false);
  expect(fits(change, { text: "invoice" })).toBe(false);
  expect(fits(change, { runner_id: "r" })).toBe(false);
});

test("an execution belongs to a list by what asked for it, and by whom", () => {
  const debugged = { ...change, source: "manual", interactive: true, debug: true, created_by: "ada" };
  expect(fits(debugged, { source: "manual", interactive: true, debug: true, created_by: "ada" })).toBe(true);
  expect(fits(debugged, { source: "schedule" })).toBe(false);
  expect(fits({ ...change, source: "studio" }, {})).toBe(false);
  expect(fits({ ...change, source: "studio" }, { source: "all" })).toBe(true);
  expect(fits(debugged, { created_by: "bob" })).toBe(false);
  expect(fits({ ...debugged, debug: false }, { debug: true })).toBe(false);
  expect(fits({ ...debugged, interactive: false }, { interactive: true })).toBe(false);
});
