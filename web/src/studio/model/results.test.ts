import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readCatalogue } from "@/shared/flow/catalogue";
import { edgeKey, emptyFlow, nodeOf, START, type Edge, type Flow, type FlowNode } from "@/shared/flow/document";
import { stepsBefore } from "@/studio/model/before";
import { together } from "@/studio/model/edit";
import { connect } from "@/studio/model/edits/edges";
import { addAfter, insertOnEdge } from "@/studio/model/edits/nodes";
import { handOn, takeResults } from "@/studio/model/edits/takeResults";
import { perform, startHistory, undo } from "@/studio/model/history";
import { nameOfResult, resultOf } from "@/studio/model/results";

const catalogue = readCatalogue(
  JSON.parse(readFileSync(new URL("../../../../contract/catalog.json", import.meta.url), "utf8")),
);

/** A flow of steps by their activities, with edges as documents write them: `start -> read`, `check.else -> late`. */
function flowOf(steps: Readonly<Record<string, string | FlowNode>>, ...edges: readonly string[]): Flow {
  const nodes = Object.entries(steps).map(([id, step]) => [
    id,
    typeof step === "string" ? { do: step, with: {} } : step,
  ]);
  return { ...emptyFlow("Results"), nodes: Object.fromEntries(nodes), edges: edges.map(edgeOf) };
}

function edgeOf(text: string): Edge {
  const [from = "", target = ""] = text.split(" -> ");
  const [source = "", port = "next"] = from.split(".");
  return { source: source === "start" ? START : source, port, target };
}

/** What a step of that kind takes by itself when it follows another one. */
function takenAfter(flow: Flow, source: string, activity: string, port = "next") {
  const added = addAfter({ do: activity, at: { x: 0, y: 0 }, id: "added" }, { source, port });
  return nodeOf(together("Add step", [added, takeResults("added")]).apply(flow, catalogue), "added")?.with;
}

describe("what runs before a step", () => {
  it("is certain along a chain, the latest first", () => {
    const flow = flowOf({ a: "csv.read", b: "data.sort", c: "general.log" }, "start -> a", "a -> b", "b -> c");
    expect(stepsBefore(flow, catalogue, "c")).toEqual({ certain: ["b", "a"], possible: [] });
  });

  it("is only possible where another way leads past it", () => {
    const flow = flowOf(
      { read: "csv.read", check: "if", sort: "data.sort", end: "general.log" },
      ...["start -> read", "read -> check", "check.then -> sort", "check.else -> end", "sort -> end"],
    );
    expect(stepsBefore(flow, catalogue, "end")).toEqual({ certain: ["check", "read"], possible: ["sort"] });
  });

  it("leaves out a step that failed, and one that is disabled", () => {
    const failed = flowOf({ read: "csv.read", late: "general.log" }, "start -> read", "read.error -> late");
    expect(stepsBefore(failed, catalogue, "late").certain).toEqual([]);
    const disabled = flowOf(
      { read: { do: "csv.read", with: {}, enabled: false }, late: "general.log" },
      ...["start -> read", "read -> late"],
    );
    expect(stepsBefore(disabled, catalogue, "late")).toEqual({ certain: [], possible: [] });
  });

  it("is what came before a block for the steps inside of it, and what is inside may have run after it", () => {
    const flow = flowOf(
      { read: "csv.read", each: "for_each", inside: "file.read_text", second: "general.log", after: "general.log" },
      ...["start -> read", "read -> each", "each.body -> inside", "inside -> second", "each.done -> after"],
    );
    expect(stepsBefore(flow, catalogue, "second").certain).toEqual(["inside", "read"]);
    expect(stepsBefore(flow, catalogue, "after")).toEqual({
      certain: ["each", "read"],
      possible: ["second", "inside"],
    });
  });
});

describe("a new step", () => {
  const read = flowOf({ read: "csv.read" }, "start -> read");
  const chain = flowOf({ read: "csv.read", kept: "data.filter" }, "start -> read", "read -> kept");

  it("takes the table of the step before", () => {
    expect(takenAfter(read, "read", "data.filter")).toEqual({ rows: "{read.rows}" });
    expect(takenAfter(chain, "kept", "excel.write_workbook")).toEqual({ rows: "{kept.rows}" });
  });

  it("takes it on every way, or nothing", () => {
    const split = flowOf(
      { check: "if", one: "csv.read", other: "excel.read_range", join: "general.log" },
      ...["start -> check", "check.then -> one", "check.else -> other", "one -> join", "other -> join"],
    );
    expect(takenAfter(split, "join", "data.sort")).toEqual({});
    expect(takenAfter(split, "one", "data.sort")).toEqual({ rows: "{one.rows}" });
    expect(takenAfter(read, "read", "data.sort", "error")).toEqual({});
  });

  it("takes no list for names of columns", () => {
    const parts = flowOf({ split: "text.split" }, "start -> split");
    for (const activity of ["data.sort", "data.join", "data.pivot"])
      expect(takenAfter(parts, "split", activity)).toEqual({});
  });

  it("takes one table, though it needs two", () => {
    expect(takenAfter(read, "read", "data.join")).toEqual({ rows: "{read.rows}" });
  });

  it("goes through a table or a list", () => {
    expect(takenAfter(read, "read", "for_each")).toEqual({ items: "{read.rows}" });
    const parts = flowOf({ split: "text.split" }, "start -> split");
    expect(takenAfter(parts, "split", "for_each")).toEqual({ items: "{split.parts}" });
    expect(takenAfter(parts, "split", "text.join")).toEqual({ parts: "{split.parts}" });
    expect(takenAfter(parts, "split", "data.to_table")).toEqual({});
  });

  it("takes a text as content, never as a name, and no by-product of a table", () => {
    const text = flowOf({ text: "file.read_text" }, "start -> text");
    expect(takenAfter(text, "text", "text.trim")).toEqual({ text: "{text.text}" });
    expect(takenAfter(text, "text", "file.write_text")).toEqual({ text: "{text.text}" });
    expect(takenAfter(text, "text", "http.request")).toEqual({});
    expect(takenAfter(text, "text", "fail")).toEqual({});
    expect(takenAfter(read, "read", "text.trim")).toEqual({});
  });

  it("takes a file to be read, never one to be written or deleted", () => {
    const written = flowOf({ write: "excel.write_workbook" }, "start -> write");
    expect(takenAfter(written, "write", "file.keep")).toEqual({ path: "{write.path}" });
    expect(takenAfter(written, "write", "http.upload")).toEqual({ path: "{write.path}" });
    expect(takenAfter(written, "write", "file.delete")).toEqual({});
    expect(takenAfter(written, "write", "csv.write")).toEqual({});
  });

  it("between two others hands on what the later one took from the earlier", () => {
    const taken = { do: "data.sort", with: { rows: "{read.rows}" } };
    const flow = flowOf({ read: "csv.read", sort: taken }, "start -> read", "read -> sort");
    const edge = edgeKey({ source: "read", port: "next", target: "sort" });
    const insert = (activity: string) =>
      together("Insert step", [
        insertOnEdge({ do: activity, at: { x: 0, y: 0 }, id: "added" }, edge),
        takeResults("added"),
        handOn("added"),
      ]).apply(flow, catalogue);
    expect(nodeOf(insert("data.filter"), "sort")?.with).toEqual({ rows: "{added.rows}" });
    expect(nodeOf(insert("general.log"), "sort")?.with).toEqual({ rows: "{read.rows}" });
    expect(nodeOf(insert("csv.write"), "sort")?.with).toEqual({ rows: "{read.rows}" });
  });

  it("is undone with what it took, and so is a connection", () => {
    const flow = flowOf({ read: "csv.read", sort: "data.sort" }, "start -> read");
    const edge = edgeOf("read -> sort");
    const connected = perform(startHistory(flow), together("Connect", [connect(edge), takeResults("sort")]), catalogue);
    expect(nodeOf(connected.flow, "sort")?.with).toEqual({ rows: "{read.rows}" });
    expect(undo(connected).flow).toBe(flow);
  });
});

describe("a reference", () => {
  const flow = flowOf({ read: "csv.read", again: "csv.read", sort: "data.sort" }, "start -> read", "read -> sort");
  const named = (value: string) => {
    const result = resultOf(flow, catalogue, value);
    return result && nameOfResult(flow, catalogue, result);
  };

  it("is called by its output and its step", () => {
    expect(named("{sort.rows}")).toBe("Rows from Sort table");
    expect(named("{read.line_end}")).toBe("Line end from Read CSV (read)");
  });

  it("is nothing but the path of a result", () => {
    for (const other of ["{sort.rows[0]}", "{sort.nothing}", "{gone.rows}", "{sort}", "read.rows", "a {sort.rows}"])
      expect(named(other)).toBeNull();
  });
});
