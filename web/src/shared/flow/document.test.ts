import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readCatalogue } from "@/shared/flow/catalogue";
import { analyseGraph, nodesInside, ownersOf } from "@/shared/flow/graph";
import { ICON_NAMES } from "@/shared/flow/icons";
import { DocumentError, readDocument } from "@/shared/flow/readDocument";
import { summaryOf } from "@/shared/flow/summary";
import { writeDocument } from "@/shared/flow/writeDocument";

const CONTRACT: { icon?: string }[] = JSON.parse(
  readFileSync(new URL("../../../../contract/catalog.json", import.meta.url), "utf8"),
);
const catalogue = readCatalogue(CONTRACT);

const DOCUMENT = {
  format: "exekra.flow/1",
  name: "All parts",
  description: "With everything that a document may have.",
  inputs: { file: { type: "file", default: "orders.xlsx" } },
  outputs: { total: { type: "number" } },
  variables: { total: { type: "number", default: 0 } },
  nodes: {
    read: { do: "excel.read_range", with: { path: "{file}" }, timeout: 10, retry: { times: 3, errors: ["A"] } },
    each: { do: "for_each", with: { items: "{read.rows}" } },
    attempt: { do: "try" },
    price: { do: "http.request", with: { url: "http://x" }, continue_on_error: true, enabled: false, later: 1 },
    note: { do: "company.unknown" },
    tell: { do: "general.log", with: { message: "done" } },
  },
  edges: [
    "start -> read -> each",
    "each.body -> attempt",
    "attempt.try -> price",
    "attempt.catch -> note",
    "each.done -> tell",
  ],
  layout: {
    nodes: { read: { x: 1, y: 2 }, each: { x: 0, y: 0, collapsed: true } },
    breakpoints: { price: { condition: "a > 1" } },
    texts: { read: "Why" },
    analyser: { ignore: ["no-timeout"] },
    from_a_later_version: { anything: [1] },
  },
  later: { also: "kept" },
};

describe("A document", () => {
  it("is written as it was read, with all that is unknown", () => {
    expect(writeDocument(readDocument(DOCUMENT))).toEqual(DOCUMENT);
  });

  it("keeps a layout of another shape without drawing anything of it", () => {
    const layout = { read: [120, 80], nodes: { read: [1, 2] }, notes: "none" };
    expect(writeDocument(readDocument({ ...DOCUMENT, layout })).layout).toEqual(layout);
  });

  it("folds chains into lines of at most six edges", () => {
    const names = Array.from({ length: 9 }, (_, index) => `n${index}`);
    const nodes = Object.fromEntries(names.map((id) => [id, { do: "general.log" }]));
    const flow = readDocument({ name: "Long", nodes, edges: [`start -> ${names.join(" -> ")}`] });
    const lines = writeDocument(flow).edges as string[];
    expect(lines).toEqual(["start -> n0 -> n1 -> n2 -> n3 -> n4 -> n5", "n5 -> n6 -> n7 -> n8"]);
    expect(readDocument({ name: "Long", nodes, edges: lines }).edges).toEqual(flow.edges);
  });

  it.each([
    [null],
    ["text"],
    [[]],
    [{ nodes: [] }],
    [{ nodes: { a: 1 } }],
    [{ nodes: {}, edges: ["a > b"] }],
    [{ edges: ["a -> b.c"] }],
  ])("is refused where it has another shape: %j", (wrong) => {
    expect(() => readDocument(wrong)).toThrow(DocumentError);
  });
});

describe("The graph of a flow", () => {
  const flow = readDocument(DOCUMENT);
  const graph = analyseGraph(flow, catalogue);

  it("knows the bodies that control nodes run, and who stands in which", () => {
    expect(graph.main.nodes).toEqual(["read", "each", "tell"]);
    expect(nodesInside(graph, "each").sort()).toEqual(["attempt", "note", "price"]);
    expect(ownersOf(graph, "price")).toEqual(["attempt", "each"]);
    expect(graph.wrong).toEqual([]);
  });

  it("finds edges that close a circle and edges that cross the border of a body", () => {
    const wrong = readDocument({ ...DOCUMENT, edges: [...DOCUMENT.edges, "tell -> read", "price -> tell"] });
    expect(
      analyseGraph(wrong, catalogue)
        .wrong.map(({ source, target }) => `${source}>${target}`)
        .sort(),
    ).toEqual(["price>tell", "tell>read"]);
  });
});

describe("The catalogue", () => {
  it("has a picture for the icon of every built-in activity", () => {
    const missing = CONTRACT.map((entry) => entry.icon ?? "").filter(
      (icon) => icon !== "" && !ICON_NAMES.includes(icon),
    );
    expect(missing).toEqual([]);
  });

  it("shows and keeps nodes of a kind that it does not know", () => {
    const entry = catalogue.entryOf({ do: "company.unknown", with: {} });
    expect(entry.known).toBe(false);
    expect(entry.title).toBe("company.unknown");
    expect(catalogue.hasPort({ do: "company.unknown", with: {} }, "anything")).toBe(true);
  });

  it("gives a Switch a port for each case", () => {
    expect(catalogue.portsOf({ do: "switch", with: { cases: { paid: "paid", open: "open" } } })).toEqual([
      "paid",
      "open",
      "default",
    ]);
  });
});

describe("A node's summary", () => {
  it.each([
    [{ do: "http.request", with: { url: "http://x/{sku}", method: "POST" } }, "POST http://x/{sku}"],
    [{ do: "for_each", with: { items: "{orders}", item: "order" } }, "order in {orders}"],
    [{ do: "set_variable", with: { variable: "total", value: "{total + 1}" } }, "total = {total + 1}"],
    [{ do: "if", with: { condition: "{a > 1}" } }, "{a > 1}"],
    [{ do: "general.log", with: { message: "First\nSecond" } }, "First"],
    [{ do: "general.log", with: {} }, ""],
  ])("%j", (node, summary) => {
    expect(summaryOf(node, catalogue)).toBe(summary);
  });
});
