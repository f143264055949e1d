import { expect, test } from "vitest";
import { tooLong, wrong } from "@/features/storage/kinds";

const times = { executions: 365, logs: 90, events: 90, values: 30, files: 90 };

test("nothing is kept longer than the execution that it belongs to", () => {
  expect(tooLong(times)).toBeNull();
  expect(tooLong({ ...times, executions: 60 })).toBe("logs");
  expect(tooLong({ ...times, files: null })).toBe("files");
  expect(tooLong({ ...times, executions: null, files: null })).toBeNull();
});

test("a time is at least a day", () => {
  expect(wrong(times, "logs")).toBeNull();
  expect(wrong({ ...times, logs: null, executions: null }, "logs")).toBeNull();
  expect(wrong({ ...times, logs: 0 }, "logs")).toBe("From 1 to 36,500 days");
  expect(wrong({ ...times, logs: 400 }, "logs")).toBe("Longer than executions are kept");
});
