import { expect, test } from "vitest";
import { lineOfEvent, LogReader, type ReadPage } from "@/features/executions/one/logReader";
import { ALL_LINES } from "@/shared/log/logRing";

/** A log of `total` lines of which a page shows up to `size`, but only each `every`th fits. */
function hub(total: number, size: number, every = 1): ReadPage {
  return async (cursor) => {
    const from = cursor === undefined ? total : Number(cursor);
    const to = Math.max(0, from - size);
    const items = [];
    for (let sequence = from; sequence > to; sequence--) {
      if (sequence % every === 0)
        items.push({ sequence, at: "2026-01-01T00:00:00Z", level: "info", message: `Line ${sequence}`, node: null });
    }
    return { items, next_cursor: to === 0 ? null : String(to) };
  };
}

const live = (sequence: number, message = "") => lineOfEvent({ event: "log", at: 1, message }, sequence);
const ends = (reader: LogReader) => [reader.book.at(0)?.sequence, reader.book.at(reader.book.length - 1)?.sequence];

test("opens at the end and goes back until there is no more", async () => {
  const reader = new LogReader(hub(2500, 1000));
  await reader.begin();
  expect(ends(reader)).toEqual([1501, 2500]);
  expect(reader.state).toBe("more");
  await reader.readOlder();
  await reader.readOlder();
  expect(ends(reader)).toEqual([1, 2500]);
  expect(reader.state).toBe("all");
});

test("goes on over pages on which nothing was found", async () => {
  const reader = new LogReader(hub(100_000, 1000, 5000));
  await reader.begin();
  expect(reader.book.length).toBe(20);
  expect(reader.state).toBe("all");
});

test("loses no live line while the first page is on its way, and takes none twice", async () => {
  const reader = new LogReader(hub(10, 1000));
  const begun = reader.begin();
  reader.hear([live(9), live(10), live(11)]);
  await begun;
  reader.hear([live(11), live(12)]);
  expect(ends(reader)).toEqual([1, 12]);
  expect(reader.book.length).toBe(12);
});

test("takes only the live lines that fit", async () => {
  const reader = new LogReader(hub(0, 1000), { ...ALL_LINES, text: "ORDER" });
  await reader.begin();
  reader.hear([live(1, "An order came"), live(2, "Nothing")]);
  expect(reader.book.length).toBe(1);
});

test("keeps what it has when the Hub is away, and says so", async () => {
  let away = true;
  const page = hub(3000, 1000);
  const reader = new LogReader((cursor, signal) => {
    if (cursor !== undefined && away) throw new Error("away");
    return page(cursor, signal);
  });
  await reader.begin();
  await reader.readOlder();
  expect(reader.error).toEqual(new Error("away"));
  expect(reader.book.length).toBe(1000);
  away = false;
  await reader.readOlder();
  expect(reader.error).toBeNull();
  expect(reader.book.length).toBe(2000);
});
