import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readCatalogue } from "@/shared/flow/catalogue";
import { type Flow } from "@/shared/flow/document";
import { analyseGraph, nodesInside, type Body } from "@/shared/flow/graph";
import { readDocument } from "@/shared/flow/readDocument";
import { compareFlows } from "@/studio/model/compare";

const contract = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../contract/${name}`, import.meta.url), "utf8"));
const catalogue = readCatalogue(contract("catalog.json") as object[]);

interface GraphCase {
  readonly name: string;
  readonly document: unknown;
  readonly problems: readonly string[];
  readonly bodies?: readonly object[];
}

describe("Graphs", () => {
  const { cases } = contract("corpus/graphs.json") as { cases: GraphCase[] };
  it.each(cases)("$name", ({ document, problems, bodies }) => {
    const graph = analyseGraph(readDocument(document), catalogue);
    const reached = new Set(graph.main.nodes.flatMap((id) => [id, ...nodesInside(graph, id)]));
    const isWrong = graph.wrong.some((edge) => reached.has(edge.source));
    expect(isWrong).toBe(problems.includes("cycle") || problems.includes("two-bodies"));
    if (bodies === undefined) return;
    const inner = [...graph.bodies.values()].flat().filter(({ owner }) => owner !== null && reached.has(owner));
    const found = [graph.main, ...inner].map(plain);
    expect(sorted(found)).toEqual(sorted(bodies));
  });
});

function plain({ owner, port, branch, first, nodes }: Body): object {
  return { owner, port, branch, first, nodes: [...nodes].sort() };
}

/** The order in which bodies are told has no meaning. */
function sorted(bodies: readonly object[]): string[] {
  return bodies
    .map((body) => JSON.stringify(Object.entries(body).sort(([one], [other]) => (one < other ? -1 : 1))))
    .sort();
}

describe("Differences", () => {
  const { old, cases } = contract("corpus/differences.json") as {
    old: unknown;
    cases: { name: string; new: unknown; changes: unknown }[];
  };
  it.each(cases)("$name", (one) => {
    expect(told(readDocument(old), readDocument(one.new))).toEqual(one.changes);
  });
});

function told(before: Flow, after: Flow): object {
  const { settings, edges, moved, recorded_again, layout_changed, ...sections } = compareFlows(before, after);
  expect(moved).toEqual([]);
  const parts = Object.entries(sections).map(
    ([section, items]) =>
      [
        section,
        items
          .map(({ id, change, fields }) => ({ id, change, fields: fields.map(({ field }) => field).sort() }))
          .sort((one, other) => (one.id < other.id ? -1 : 1)),
      ] as const,
  );
  const all = {
    ...Object.fromEntries(parts),
    settings: settings.map(({ field }) => field).sort(),
    edges: edges.map(({ change, edge }) => `${change} ${edge}`).sort(),
    recorded_again: [...recorded_again].sort(),
  };
  const filled = Object.entries(all).filter(([, items]) => items.length > 0);
  return { ...Object.fromEntries(filled), ...(layout_changed && { layout_changed }) };
}
