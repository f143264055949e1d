import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readCatalogue } from "@/shared/flow/catalogue";
import { analyseGraph } from "@/shared/flow/graph";
import { readDocument } from "@/shared/flow/readDocument";
import { walk, type Direction } from "@/studio/canvas/walk";

const catalogue = readCatalogue(
  JSON.parse(readFileSync(new URL("../../../../contract/catalog.json", import.meta.url), "utf8")),
);
const log = { do: "general.log" };
const flow = readDocument({
  name: "Walk",
  nodes: { first: log, each: { do: "for_each" }, inner: log, check: { do: "if" }, yes: log, no: log },
  edges: [
    "start -> first -> each",
    "each.body -> inner",
    "each.done -> check",
    "check.then -> yes",
    "check.else -> no",
  ],
});
const graph = analyseGraph(flow, catalogue);

describe("Walking with the arrow keys", () => {
  it.each<[string | null, Direction, string | null]>([
    [null, "ArrowDown", "first"],
    ["first", "ArrowDown", "each"],
    ["first", "ArrowUp", null],
    ["each", "ArrowDown", "check"],
    ["each", "ArrowRight", "inner"],
    ["inner", "ArrowLeft", "each"],
    ["inner", "ArrowUp", "each"],
    ["inner", "ArrowRight", null],
    ["check", "ArrowLeft", null],
    ["check", "ArrowDown", "yes"],
    ["yes", "ArrowRight", "no"],
    ["no", "ArrowLeft", "yes"],
    ["no", "ArrowDown", null],
  ])("from %s by %s to %s", (from, direction, to) => {
    expect(walk(flow, graph, from, direction)).toBe(to);
  });
});
