import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCatalogue } from "@/shared/flow/catalogue";
import { readDocument } from "@/shared/flow/readDocument";
import { setFlowOutput } from "@/studio/model/edits/declarations";
import { renameFlowOutput, renameLoopName, renameNode, renameVariable } from "@/studio/model/edits/rename";
import { nameProblem } from "@/studio/model/names";
import { renameInExpression, renameInTemplate, usesOf } from "@/studio/model/references";

const catalogue = readCatalogue(
  JSON.parse(readFileSync(new URL("../../../../contract/catalog.json", import.meta.url), "utf8")),
);

describe("Renaming in an expression", () => {
  it.each([
    ["read.rows", "load.rows"],
    ["read + read.read", "load + load.read"],
    ["other.read", "other.read"],
    ["read(read)", "read(load)"],
    ['"read" + read', '"read" + load'],
    ["'it\\'s read' + read", "'it\\'s read' + load"],
    ["sort(list, read=read)", "sort(list, read=load)"],
    ["read == reader", "load == reader"],
    ["[read for read in rows]", "[read for read in rows]"],
    ["[x + read for x in read.rows if x > read.least]", "[x + load for x in load.rows if x > load.least]"],
    ["{'read': read}", "{'read': load}"],
    ["sread + read2 + read", "sread + read2 + load"],
    ["", ""],
  ])("%s", (before, after) => {
    expect(renameInExpression(before, "read", "load")).toBe(after);
  });
});

describe("Renaming in a template", () => {
  it.each([
    ["{read.rows}", "{load.rows}"],
    ["read {read.count} of read", "read {load.count} of read"],
    ["\\{read}", "\\{read}"],
    ["C:\\out\\\\{read}", "C:\\out\\\\{load}"],
    ["{{credential:read}}", "{{credential:read}}"],
    ['{"read": 1}', '{"read": 1}'],
    ["{ read }", "{ read }"],
    ["{read} and {other.read}", "{load} and {other.read}"],
  ])("%s", (before, after) => {
    expect(renameInTemplate(before, "read", "load")).toBe(after);
  });

  it("leaves texts alone that do not name it, whatever they hold", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(renameInTemplate(text, "unlikely_name", "another")).toBe(text);
      }),
    );
  });

  it("comes back to the same text when renamed there and back, unless the new name was there before", () => {
    const piece = fc.constantFrom(
      "{read",
      "}",
      "{",
      '"',
      "'",
      "\\",
      " read ",
      ".read",
      "read(",
      " + ",
      "[",
      "]",
      " for read in ",
      "é",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join("");
        expect(renameInTemplate(renameInTemplate(text, "read", "zz"), "zz", "read")).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("Renaming what a flow declares", () => {
  const flow = readDocument({
    name: "Names",
    outputs: { total: { type: "number" }, rows: { type: "number", value: "{read.count}" } },
    variables: { total: { type: "number" } },
    nodes: {
      read: { do: "http.request", with: { url: "http://x/{total}" } },
      each: { do: "for_each", with: { items: "{read.rows}", item: "row" } },
      add: { do: "set_variable", with: { variable: "total", value: "{total + row.price}" } },
      script: { do: "python.run", with: { code: "total = read", inputs: { total: "{total}" } } },
      finish: { do: "return", with: { values: { total: "{total}" } } },
    },
    edges: ["start -> read -> each", "each.body -> add -> script", "each.done -> finish"],
    layout: { breakpoints: { add: { condition: "total > read.count" } }, nodes: { read: { x: 1, y: 2 } } },
  });

  it("follows a step through edges, fields, outputs, breakpoints and its place", () => {
    const renamed = renameNode("read", "load").apply(flow, catalogue);
    expect(renamed.edges.map((edge) => `${edge.source}>${edge.target}`)).toContain("start>load");
    expect(renamed.nodes.each?.with.items).toBe("{load.rows}");
    expect(renamed.nodes.script?.with.code).toBe("total = read");
    expect(renamed.outputs.rows?.value).toBe("{load.count}");
    expect(renamed.layout.breakpoints.add?.condition).toBe("total > load.count");
    expect(renamed.layout.nodes).toEqual({ load: { x: 1, y: 2 } });
  });

  it("follows a variable, and gives the output of its name the value that it had by its name", () => {
    const renamed = renameVariable("total", "sum_of_all").apply(flow, catalogue);
    expect(renamed.nodes.add?.with).toEqual({ variable: "sum_of_all", value: "{sum_of_all + row.price}" });
    expect(renamed.nodes.script?.with.inputs).toEqual({ total: "{sum_of_all}" });
    expect(renamed.nodes.finish?.with.values).toEqual({ total: "{sum_of_all}" });
    expect(renamed.outputs.total).toEqual({ type: "number", value: "{sum_of_all}" });
  });

  it("follows a loop's item, and an output through Return", () => {
    expect(renameLoopName("each", "item", "row", "order").apply(flow, catalogue).nodes.add?.with.value).toBe(
      "{total + order.price}",
    );
    const renamed = renameFlowOutput("total", "price").apply(flow, catalogue);
    expect(renamed.nodes.finish?.with.values).toEqual({ price: "{total}" });
    expect(renamed.outputs.price?.value).toBe("{total}");
  });

  it("gives a new output no value when it is named, so that it gives the variable of its name", () => {
    const added = setFlowOutput("output", { type: "text" }).apply({ ...flow, outputs: {} }, catalogue);
    expect(renameFlowOutput("output", "total").apply(added, catalogue).outputs).toEqual({ total: { type: "text" } });
  });

  it("refuses names that are taken, reserved or misshapen", () => {
    for (const name of ["each", "total", "row", "start", "for", "2nd", "a b", ""])
      expect(nameProblem(flow, catalogue, name), name).not.toBeNull();
    expect(nameProblem(flow, catalogue, "constructor")).toBeNull();
    expect(renameNode("read", "total").apply(flow, catalogue)).toBe(flow);
  });

  it("tells where a name is used", () => {
    expect(usesOf(flow, catalogue, "total")).toEqual([
      { node: "read", field: "url" },
      { node: "add", field: "variable" },
      { node: "add", field: "value" },
      { node: "script", field: "inputs" },
      { node: "finish", field: "values" },
      { node: null, field: "total" },
    ]);
  });
});
