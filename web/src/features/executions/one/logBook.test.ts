import fc from "fast-check";
import { expect, test } from "vitest";
import { LogBook } from "@/features/executions/one/logBook";
import type { LogLine } from "@/shared/log/logRing";

const line = (sequence: number): LogLine => ({ sequence, at: 0, level: "info", message: "", node: null });
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => line(from + index));
const all = (book: LogBook) => Array.from({ length: book.length }, (_, index) => book.at(index)?.sequence);

test("grows at both ends", () => {
  const book = new LogBook();
  book.addOlder(lines(10, 13).reverse());
  book.addNewer(lines(13, 15));
  book.addOlder(lines(8, 10).reverse());
  expect(all(book)).toEqual([8, 9, 10, 11, 12, 13, 14]);
  expect(book.at(7)).toBeUndefined();
});

test("takes no line twice: a stream begins before the page that was read", () => {
  const book = new LogBook();
  book.addOlder(lines(1, 6).reverse());
  book.addNewer(lines(4, 9));
  expect(all(book)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("holds the newest lines in order, never more than it may, and knows how far it moved", () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 40 })), { maxLength: 30 });
  fc.assert(
    fc.property(steps, (told) => {
      const book = new LogBook(100);
      let [first, next] = [1000, 1000];
      for (const [isOlder, count] of told) {
        const was = book.at(book.length - 1)?.sequence;
        const [before, length] = [book.inFront, book.length];
        if (isOlder && !book.hasGivenUp) {
          book.addOlder(lines(first - count, first).reverse());
          first -= count;
        } else {
          book.addNewer(lines(next, next + count));
          next += count;
          expect(book.length).toBeLessThanOrEqual(100);
        }
        const kept = all(book) as number[];
        expect(kept).toEqual(lines(next - kept.length, next).map(({ sequence }) => sequence));
        if (was !== undefined && kept.includes(was))
          expect(book.at(length - 1 + book.inFront - before)?.sequence).toBe(was);
      }
    }),
  );
});
