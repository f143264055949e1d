import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCatalogue } from "@/shared/flow/catalogue";
import { edgeKey, type Flow } from "@/shared/flow/document";
import { readDocument } from "@/shared/flow/readDocument";
import { compareFlows } from "@/studio/model/compare";
import type { Edit } from "@/studio/model/edit";
import { setVariable } from "@/studio/model/edits/declarations";
import { connect } from "@/studio/model/edits/edges";
import { setInput, setSettings } from "@/studio/model/edits/fields";
import { addAfter, removeNodes } from "@/studio/model/edits/nodes";
import { moveNodes } from "@/studio/model/edits/places";
import { mergeFlows } from "@/studio/model/merge";

const catalogue = readCatalogue(
  JSON.parse(readFileSync(new URL("../../../../contract/catalog.json", import.meta.url), "utf8")),
);

const base = readDocument({
  name: "Base",
  variables: { total: { type: "number" } },
  nodes: {
    read: { do: "general.log", with: { message: "read" } },
    each: { do: "for_each", with: { items: "{[1]}" } },
    price: { do: "http.request", with: { url: "http://x" } },
    tell: { do: "general.log", with: { message: "done" } },
  },
  edges: ["start -> read -> each", "each.body -> price", "each.done -> tell"],
  layout: { nodes: { read: { x: 0, y: 0 }, each: { x: 0, y: 100 }, price: { x: 0, y: 200 }, tell: { x: 0, y: 300 } } },
});

const at = { x: 0, y: 0 };
const after = (edits: readonly Edit[]): Flow => edits.reduce((flow, edit) => edit.apply(flow, catalogue), base);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(fc.constantFrom("read", "price", "tell"), fc.string()).map(([id, value]) => setInput(id, "message", value)),
  fc.constantFrom("read", "price", "tell", "each").map((id) => removeNodes([id])),
  fc
    .constantFrom("read", "price", "tell")
    .map((source) => addAfter({ do: "general.log", at }, { source, port: "next" })),
  fc.constantFrom("read", "price", "tell").map((id) => setSettings(id, { enabled: false })),
  fc.integer().map((x) => moveNodes({ read: { x, y: 1 } })),
  fc.constantFrom("total", "other").map((name) => setVariable(name, { type: "text" })),
);
const edits = fc.array(edit, { maxLength: 6 });

const NOTHING = {
  settings: [],
  nodes: [],
  edges: [],
  inputs: [],
  outputs: [],
  variables: [],
  elements: [],
  recorded_again: [],
  moved: [],
  layout_changed: false,
};

describe("Merging", () => {
  it("gives theirs where I changed nothing, and mine where they did not", () => {
    fc.assert(
      fc.property(edits, (some) => {
        const changed = after(some);
        const forMe = mergeFlows(base, base, changed, catalogue);
        const forThem = mergeFlows(base, changed, base, catalogue);
        expect(forMe.conflicts).toEqual([]);
        expect(forThem.conflicts).toEqual([]);
        expect(compareFlows(changed, forMe.flow)).toEqual(NOTHING);
        expect(compareFlows(changed, forThem.flow)).toEqual(NOTHING);
      }),
    );
  });

  it("is the same logic from both sides, where nothing conflicts, and its edges always have ends", () => {
    fc.assert(
      fc.property(edits, edits, (mine, theirs) => {
        const one = mergeFlows(base, after(mine), after(theirs), catalogue);
        const other = mergeFlows(base, after(theirs), after(mine), catalogue);
        for (const edge of one.flow.edges) {
          expect(edge.source === "start" || Object.hasOwn(one.flow.nodes, edge.source), edgeKey(edge)).toBe(true);
          expect(Object.hasOwn(one.flow.nodes, edge.target), edgeKey(edge)).toBe(true);
        }
        expect(one.conflicts.length > 0).toBe(other.conflicts.length > 0);
        if (one.conflicts.length > 0) return;
        expect({ ...compareFlows(one.flow, other.flow), layout_changed: false }).toEqual(NOTHING);
      }),
      { numRuns: 400 },
    );
  });

  it("brings changes of different steps together", () => {
    const mine = after([setInput("read", "message", "mine")]);
    const theirs = after([
      setInput("price", "url", "http://theirs"),
      addAfter({ do: "general.log", at, id: "last" }, { source: "tell", port: "next" }),
    ]);
    const { flow, conflicts } = mergeFlows(base, mine, theirs, catalogue);
    expect(conflicts).toEqual([]);
    expect(flow.nodes.read?.with.message).toBe("mine");
    expect(flow.nodes.price?.with.url).toBe("http://theirs");
    expect(flow.edges.map(edgeKey)).toContain("tell.next>last");
  });

  it("names what both changed differently", () => {
    const mine = after([setInput("read", "message", "mine")]);
    const theirs = after([setInput("read", "message", "theirs")]);
    expect(mergeFlows(base, mine, theirs, catalogue).conflicts).toEqual(["step read"]);
    const gone = after([removeNodes(["tell"])]);
    const led = after([
      addAfter({ do: "general.log", at, id: "last" }, { source: "price", port: "next" }),
      connect({ source: "read", port: "error", target: "tell" }),
    ]);
    expect(mergeFlows(base, gone, led, catalogue).conflicts).toContain("connection read.error → tell");
  });
});

describe("Comparing", () => {
  it("lists steps, fields, connections and declarations", () => {
    const changed = after([
      setInput("read", "message", "other"),
      setSettings("read", { enabled: false }),
      removeNodes(["tell"]),
      setVariable("more", { type: "text" }),
    ]);
    const { nodes, edges, variables, layout_changed } = compareFlows(base, changed);
    expect(nodes).toMatchObject([
      {
        id: "read",
        change: "changed",
        fields: [
          { field: "with.message", change: "changed", new: "other" },
          { field: "enabled", change: "added", new: false },
        ],
      },
      { id: "tell", change: "removed" },
    ]);
    expect(edges).toMatchObject([{ change: "removed", edge: "each.done -> tell", source: "each", target: "tell" }]);
    expect(variables).toMatchObject([{ id: "more", change: "added" }]);
    expect(layout_changed).toBe(true);
    expect(compareFlows(base, base)).toEqual(NOTHING);
  });
});
