import { expect, test } from "vitest";
import { NodeBook } from "@/features/executions/one/nodeBook";
import type { Schemas } from "@/shared/api/client";

const visit = (changes: Partial<Schemas["NodeVisit"]>) =>
  ({
    node: "read",
    state: "done",
    count: 1,
    visits: 1,
    failures: 0,
    seconds: 0.5,
    total_seconds: 0.5,
    left_at: "x",
    failure: null,
    ...changes,
  }) as Schemas["NodeVisit"];

test("takes what the Hub knows", () => {
  const book = new NodeBook();
  book.fill([
    visit({ visits: 60, total_seconds: 4 }),
    visit({ node: "price", state: "stopped", left_at: null, visits: 0, seconds: null, total_seconds: 0 }),
  ]);
  expect(book.snapshot().read).toEqual({ state: "done", count: 60, seconds: 4, failures: 0 });
  expect(book.snapshot().price).toMatchObject({ state: "paused", count: 0, note: "The execution ended here." });
});

test("follows a node through a failure and a success after it", () => {
  const book = new NodeBook();
  book.take({ event: "node.entered", at: 1, node: "ask" });
  expect(book.snapshot().ask).toMatchObject({ state: "running", count: 0 });
  book.take({ event: "node.left", at: 2, node: "ask", seconds: 1, failure: { message: "Refused." } });
  expect(book.snapshot().ask).toEqual({ state: "failed", count: 1, seconds: 1, failures: 0, note: "Refused." });
  book.take({ event: "node.entered", at: 3, node: "ask", count: 2 });
  book.take({ event: "node.left", at: 4, node: "ask", seconds: 0.5, count: 2 });
  expect(book.snapshot().ask).toEqual({ state: "done", count: 2, seconds: 1, failures: 0 });
});

test("totals are exact and leave the state as it is", () => {
  const book = new NodeBook();
  book.take({ event: "node.entered", at: 1, node: "each" });
  book.take({
    event: "node.totals",
    at: 2,
    totals: [
      ["each", 500, 12.5, 3],
      ["untold", 7, 1],
    ],
  });
  expect(book.snapshot().each).toEqual({ state: "running", count: 500, seconds: 12.5, failures: 3 });
  expect(book.snapshot().untold).toEqual({ state: "done", count: 7, seconds: 1, failures: 0 });
});

test("warnings are counted by the totals, and stay when the node is visited again", () => {
  const book = new NodeBook();
  book.fill([visit({ warnings: 1, warning: "The separator is a guess." })]);
  expect(book.snapshot().read).toMatchObject({ warnings: 1, warning: "The separator is a guess." });
  book.take({ event: "node.totals", at: 2, totals: [["read", 2, 1, 0, 2, "An odd date."]] });
  book.take({ event: "node.left", at: 3, node: "read", seconds: 0.5, count: 3 });
  expect(book.snapshot().read).toMatchObject({ state: "done", count: 3, warnings: 2, warning: "An odd date." });
});
