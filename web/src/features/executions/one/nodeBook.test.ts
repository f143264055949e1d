import { expect, test } from "vitest";
import { NodeBook } from "@/features/executions/one/nodeBook";
import type { NodeEvent } from "@/features/executions/one/told";
import type { Schemas } from "@/shared/api/client";

const visit = (changes: Partial<Schemas["NodeVisit"]>) =>
  ({
    node: "read",
    sequence: 2,
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
  expect(book.snapshot().price).toMatchObject({ state: "stopped", count: 0, note: "Stopped here." });
});

test("follows a node through a failure and a success after it", () => {
  const book = new NodeBook();
  book.take({ event: "node.entered", at: 1, node: "ask" }, 11);
  expect(book.snapshot().ask).toMatchObject({ state: "running", count: 0 });
  book.take(
    { event: "node.left", at: 2, node: "ask", seconds: 1, failure: { type: "RefusedError", message: "Refused." } },
    12,
  );
  expect(book.snapshot().ask).toEqual({ state: "failed", count: 1, seconds: 1, failures: 0, note: "Refused." });
  book.take({ event: "node.entered", at: 3, node: "ask", count: 2 }, 13);
  book.take({ event: "node.left", at: 4, node: "ask", seconds: 0.5, count: 2 }, 14);
  expect(book.snapshot().ask).toEqual({ state: "done", count: 2, seconds: 1, failures: 0 });
});

test("totals are exact and leave the state as it is", () => {
  const book = new NodeBook();
  book.take({ event: "node.entered", at: 1, node: "each" }, 11);
  book.take(
    {
      event: "node.totals",
      at: 2,
      totals: [
        ["each", 500, 12.5, 3],
        ["untold", 7, 1],
      ],
    },
    12,
  );
  expect(book.snapshot().each).toEqual({ state: "running", count: 500, seconds: 12.5, failures: 3 });
  expect(book.snapshot().untold).toEqual({ state: "done", count: 7, seconds: 1, failures: 0 });
});

test("warnings are counted by the totals, and stay when the node is visited again", () => {
  const book = new NodeBook();
  book.fill([visit({ warnings: 1, warning: "The separator is a guess." })]);
  expect(book.snapshot().read).toMatchObject({ warnings: 1, warning: "The separator is a guess." });
  book.take({ event: "node.totals", at: 2, totals: [["read", 2, 1, 0, 2, "An odd date."]] }, 11);
  book.take({ event: "node.left", at: 3, node: "read", seconds: 0.5, count: 3 }, 12);
  expect(book.snapshot().read).toMatchObject({ state: "done", count: 3, warnings: 2, warning: "An odd date." });
});

/** A run of three steps in a loop, as its Runner reports it: each event with its sequence. */
const REPORTED: readonly NodeEvent[] = [
  ...[1, 2, 3].flatMap((count) =>
    ["read", "price", "write"].flatMap((node): NodeEvent[] => [
      { event: "node.entered", at: 0, node, count },
      { event: "node.left", at: 0, node, count, seconds: 1 },
    ]),
  ),
  {
    event: "node.totals",
    at: 0,
    totals: [
      ["read", 3, 3],
      ["price", 3, 3],
      ["write", 3, 3],
    ],
  },
];

/** What the Hub answers after the first events. */
function answerAfter(count: number): Schemas["NodeVisit"][] {
  const visits = new Map<string, Schemas["NodeVisit"]>();
  REPORTED.slice(0, count).forEach((event, index) => {
    if (event.event === "node.totals") return;
    const done = event.event === "node.left";
    const number = event.count ?? 1;
    const visited = visits.get(event.node)?.visits ?? 0;
    const changes = { node: event.node, sequence: index + 1, count: number, visits: done ? number : visited };
    const open = { state: "running", left_at: null, seconds: null } as const;
    visits.set(event.node, visit({ ...changes, total_seconds: changes.visits, ...(!done && open) }));
  });
  return [...visits.values()];
}

/** Numbers from 0 to 1, the same for the same seed. */
function chance(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}

test("whatever is lost, late or told twice, the picture is right at the end, and never goes back", () => {
  const truth = { state: "done", count: 3, seconds: 3, failures: 0 };
  for (let seed = 1; seed <= 200; seed++) {
    const next = chance(seed * 7919);
    const deliveries = REPORTED.flatMap((event, index) => {
      const copies = next() < 0.2 ? 0 : next() < 0.2 ? 2 : 1;
      return Array.from({ length: copies }, () => ({
        at: index + (next() < 0.3 ? next() * 20 : 0),
        deliver: (book: NodeBook) => book.take(event, index + 1),
      }));
    });
    const answers = [2, 7, 11].map((made) => ({
      at: made + next() * 20,
      deliver: (book: NodeBook) => book.fill(answerAfter(made)),
    }));
    const final = { at: 15 + next() * 10, deliver: (book: NodeBook) => book.fill(answerAfter(REPORTED.length), true) };
    const book = new NodeBook();
    let before = 0;
    for (const { deliver } of [...deliveries, ...answers, final].sort((one, other) => one.at - other.at)) {
      deliver(book);
      const count = Object.values(book.snapshot()).reduce((sum, node) => sum + node.count, 0);
      expect(count).toBeGreaterThanOrEqual(before);
      before = count;
    }
    expect(book.snapshot()).toEqual({ read: truth, price: truth, write: truth });
  }
});

test("an answer that was made before an event does not undo it", () => {
  const book = new NodeBook();
  book.take(REPORTED[0] as NodeEvent, 1);
  book.take(REPORTED[1] as NodeEvent, 2);
  book.fill(answerAfter(1));
  expect(book.snapshot().read?.state).toBe("done");
});

test("a visit that was stopped is no failure", () => {
  const book = new NodeBook();
  book.take({ event: "node.entered", at: 1, node: "wait" }, 1);
  const failure = { type: "StoppedError", message: "`wait` was stopped before it ended." };
  book.take({ event: "node.left", at: 2, node: "wait", seconds: 1, failure }, 2);
  expect(book.snapshot().wait?.state).toBe("stopped");
});
