import { readFileSync } from "node:fs";
import ELK from "elkjs/lib/elk.bundled.js";
import { describe, expect, it } from "vitest";
import { arrange } from "@/shared/flow/arrange";
import { readCatalogue } from "@/shared/flow/catalogue";
import type { Flow } from "@/shared/flow/document";
import { pictureOf } from "@/shared/flow/geometry";
import { analyseGraph, ownersOf } from "@/shared/flow/graph";
import { layeringBy } from "@/shared/flow/layering";
import { readDocument } from "@/shared/flow/readDocument";

const catalogue = readCatalogue(
  JSON.parse(readFileSync(new URL("../../../../contract/catalog.json", import.meta.url), "utf8")),
);
const log = { do: "general.log" };

const FLOW = readDocument({
  name: "Forks and blocks",
  nodes: {
    first: log,
    check: { do: "if" },
    yes: log,
    no: log,
    deeper: { do: "if" },
    stop: { do: "fail" },
    joined: log,
    each: { do: "for_each" },
    attempt: { do: "try" },
    risky: { do: "http.request" },
    caught: log,
    last: log,
    after: log,
    aside: log,
  },
  edges: [
    "start -> first -> check",
    "check.then -> yes -> joined",
    "check.else -> deeper",
    "deeper.then -> no -> joined",
    "deeper.else -> stop",
    "joined -> each",
    "each.body -> attempt",
    "attempt.try -> risky",
    "attempt.catch -> caught",
    "attempt.finally -> last",
    "each.done -> after",
  ],
});

function placed(flow: Flow, nodes: Flow["layout"]["nodes"]): Flow {
  return { ...flow, layout: { ...flow.layout, nodes } };
}

describe.each([
  ["by layers", layeringBy(() => Promise.resolve(new ELK()))],
  ["in columns", null],
])("Arranging %s", (_name, layering) => {
  it("lets no step cover another one, save for the blocks around it, and leads from the top to the bottom", async () => {
    const flow = placed(FLOW, await arrange(FLOW, catalogue, layering));
    const graph = analyseGraph(flow, catalogue);
    const { rects } = pictureOf(flow, catalogue, graph);
    const ids = Object.keys(flow.nodes);
    for (const one of ids) {
      for (const other of ids) {
        const related = one === other || ownersOf(graph, one).includes(other) || ownersOf(graph, other).includes(one);
        const [left, right] = [rects.get(one), rects.get(other)];
        if (related || !left || !right) continue;
        const apart =
          left.x + left.width <= right.x ||
          right.x + right.width <= left.x ||
          left.y + left.height <= right.y ||
          right.y + right.height <= left.y;
        expect(apart, `${one} and ${other}`).toBe(true);
      }
    }
    for (const edge of flow.edges) {
      const [source, target] = [rects.get(edge.source), rects.get(edge.target)];
      if (source && target) expect(target.y, `${edge.source} to ${edge.target}`).toBeGreaterThan(source.y);
    }
  });

  it("keeps what a block runs inside of it", async () => {
    const flow = placed(FLOW, await arrange(FLOW, catalogue, layering));
    const { rects } = pictureOf(flow, catalogue, analyseGraph(flow, catalogue));
    const [block, risky] = [rects.get("each"), rects.get("risky")];
    expect(risky && block && risky.x > block.x && risky.y > block.y && risky.y < block.y + block.height).toBe(true);
  });
});

it("puts the two ways of a fork side by side", async () => {
  const layering = layeringBy(() => Promise.resolve(new ELK()));
  const places = await arrange(FLOW, catalogue, layering);
  expect(places.yes?.y).toBe(places.deeper?.y);
  expect(places.yes?.x).toBeLessThan(places.deeper?.x ?? 0);
});

it("falls back to columns where the layout fails", async () => {
  const failing = () => Promise.reject(new Error("no worker"));
  expect(await arrange(FLOW, catalogue, failing)).toEqual(await arrange(FLOW, catalogue, null));
});
