import fc from "fast-check";
import { expect, test } from "vitest";
import { ALL_LINES, FilteredLog, LogRing, type LogLine } from "@/shared/log/logRing";

const line = (sequence: number, level: LogLine["level"] = "info"): LogLine => ({
  sequence,
  at: sequence,
  level,
  message: `Line ${sequence}`,
  node: null,
});

function all(log: { length: number; at(index: number): LogLine | undefined }): (number | undefined)[] {
  return Array.from({ length: log.length }, (_, index) => log.at(index)?.sequence);
}

test("keeps the newest lines in their order", () => {
  const ring = new LogRing(3);
  for (let sequence = 1; sequence <= 8; sequence += 1) ring.push(line(sequence));
  expect(all(ring)).toEqual([6, 7, 8]);
  expect(ring.dropped).toBe(5);
  expect(ring.at(3)).toBeUndefined();
  expect(ring.at(-1)).toBeUndefined();
});

test("a filtered log is the filter of what is kept, whenever it catches up", () => {
  const batches = fc.array(fc.array(fc.constantFrom("info", "error"), { maxLength: 12 }), { maxLength: 12 });
  fc.assert(
    fc.property(batches, fc.integer({ min: 1, max: 9 }), (told, capacity) => {
      const ring = new LogRing(capacity);
      const errors = new FilteredLog(ring, { ...ALL_LINES, levels: ["error"] });
      let sequence = 0;
      for (const batch of told) {
        for (const level of batch) ring.push(line((sequence += 1), level));
        errors.catchUp();
        const kept = Array.from({ length: ring.length }, (_, index) => ring.at(index));
        expect(all(errors)).toEqual(kept.filter((one) => one?.level === "error").map((one) => one?.sequence));
      }
    }),
  );
});

test("begins anew with a log that was cleared", () => {
  const ring = new LogRing(10);
  const found = new FilteredLog(ring, { ...ALL_LINES, text: "LINE 2" });
  for (let sequence = 1; sequence <= 5; sequence += 1) ring.push(line(sequence));
  found.catchUp();
  expect(all(found)).toEqual([2]);
  ring.clear();
  ring.push(line(20));
  found.catchUp();
  expect(all(found)).toEqual([20]);
});
