import { expect, test } from "vitest";
import { parametersOf, isFiltered, readSearch } from "@/features/executions/search";

test("reads one state or several, in the order of an execution's life", () => {
  expect(readSearch({ state: "FAILED" })).toEqual({ state: ["FAILED"] });
  expect(readSearch({ state: ["STOPPED", "QUEUED", "NONSENSE"] })).toEqual({ state: ["QUEUED", "STOPPED"] });
});

test("leaves out what it does not understand", () => {
  expect(readSearch({ state: 4, since: "yesterday", range: "2y", other: "x", text: "" })).toEqual({});
});

test("reads what asked for it, and by whom", () => {
  const search = { source: "schedule", interactive: true, debug: true, created_by: "ada" };
  expect(readSearch(search)).toEqual(search);
  expect(readSearch({ source: "chance", interactive: "yes", debug: false })).toEqual({});
});

test("keeps a text of digits a text", () => {
  expect(readSearch({ text: 2026 })).toEqual({ text: "2026" });
});

test("a period up to now stands instead of moments", () => {
  const search = readSearch({ range: "24h", since: "2026-01-01T00:00:00Z" });
  expect(search).toEqual({ range: "24h" });
  const since = parametersOf(search).since ?? "";
  expect(Date.now() - Date.parse(since)).toBeLessThan(24 * 3600_000 + 1000);
  expect(Date.now() - Date.parse(since)).toBeGreaterThanOrEqual(24 * 3600_000);
});

test("the page is no filter", () => {
  expect(parametersOf({ cursor: "abc", text: "x", source: "all" })).toEqual({ text: "x" });
  expect(isFiltered({ cursor: "abc", state: ["FAILED"] })).toBe(false);
  expect(isFiltered({ runner_id: "r" })).toBe(true);
});

test("runs from Studio are left out unless somebody asks for them", () => {
  expect(parametersOf({})).toEqual({ source: ["manual", "schedule", "webhook"] });
  expect(parametersOf({ source: "studio" })).toEqual({ source: ["studio"] });
  expect(parametersOf({ debug: true })).toEqual({ debug: true });
  expect(isFiltered({})).toBe(false);
  expect(isFiltered({ source: "all" })).toBe(true);
});
