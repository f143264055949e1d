import { expect, test } from "vitest";
import { outcomeOf } from "@/shared/ui/outcome";

const STOPPED = { type: "StoppedError", message: "The execution was stopped." };

test("a stop names who asked for it, and is never called by its error", () => {
  expect(outcomeOf({ state: "STOPPED", stop_requested_by_name: "Ada", failure: STOPPED })).toBe("Stopped by Ada");
  expect(outcomeOf({ state: "STOPPED", stop_requested_by_name: null, failure: STOPPED })).toBe("Stopped");
  expect(outcomeOf({ state: "STOPPED", stop_requested_by_name: null, failure: null })).toBe("Stopped");
});

test("another reason to stop, and a failure, are said as they are", () => {
  const gone = { type: "DebuggerGoneError", message: "Nobody watched the debug session." };
  expect(outcomeOf({ state: "STOPPED", stop_requested_by_name: null, failure: gone })).toBe(gone.message);
  expect(outcomeOf({ state: "FAILED", stop_requested_by_name: "Ada", failure: gone })).toBe(gone.message);
  expect(outcomeOf({ state: "COMPLETED", stop_requested_by_name: null, failure: null })).toBe("");
});
