import { expect, test } from "vitest";
import { changeGroups, type Changes } from "@/shared/changes/changes";
import { mergeDocuments } from "@/features/workflows/compare/merged";

const NONE: Changes = {
  settings: [],
  inputs: [],
  outputs: [],
  variables: [],
  nodes: [],
  edges: [],
  elements: [],
  recorded_again: [],
  layout_changed: false,
  moved: [],
};
const older = {
  nodes: { read: { do: "file.read_text" }, old: { do: "general.log" }, end: { do: "general.log" } },
  edges: ["start -> read -> old -> end"],
  layout: { nodes: { read: { x: 0, y: 0 }, old: { x: 0, y: 200 }, end: { x: 0, y: 400 } } },
};
const newer = {
  nodes: { read: { do: "file.read_text" }, end: { do: "general.log" } },
  edges: ["start -> read -> end"],
  layout: { nodes: { read: { x: 0, y: 0 }, end: { x: 0, y: 400 } } },
};
const edge = (change: "added" | "removed", source: string, target: string) => ({
  change,
  source,
  target,
  port: "next",
  edge: `${source} -> ${target}`,
});
const changes: Changes = {
  ...NONE,
  nodes: [{ id: "old", change: "removed", fields: [] }],
  edges: [edge("removed", "read", "old"), edge("removed", "old", "end"), edge("added", "read", "end")],
};

test("what went is drawn where it was, with its edges", () => {
  const { document, marks } = mergeDocuments(older, newer, changes);
  expect(Object.keys(document.nodes as object)).toEqual(["read", "end", "old"]);
  expect(document.edges).toEqual(["start -> read -> end", "read -> old", "old -> end"]);
  expect(document.layout).toEqual({ nodes: { ...newer.layout.nodes, old: { x: 0, y: 200 } } });
  expect(marks).toEqual({ old: "removed", read: "changed" });
});

test("where something new stands in its place, all is arranged anew", () => {
  const moved = { ...newer, layout: { nodes: { read: { x: 0, y: 0 }, end: { x: 20, y: 210 } } } };
  expect(mergeDocuments(older, moved, changes).document.layout).toEqual({});
});

test("without removed nodes the newer version is drawn as it is", () => {
  expect(mergeDocuments(older, newer, NONE)).toEqual({ document: newer, marks: {} });
});

test("the list has only sections with changes, and edges lead to a node", () => {
  const groups = changeGroups(changes);
  expect(groups.map(({ title }) => title)).toEqual(["Nodes", "Edges"]);
  expect(groups[1]?.lines[0]).toMatchObject({ kind: "removed", title: "read → old", node: "read" });
});

test("files are a section of the list, and the lines of a text can be compared", () => {
  const size = { was: null, old_size: 1200, new_size: 1200 };
  const [files] = changeGroups(NONE, [
    { ...size, path: "rates.csv", change: "changed", text: true },
    { ...size, path: "logo.png", change: "added", old_size: null, text: false },
    { ...size, path: "new.txt", change: "renamed", was: "old.txt", text: true },
  ]);
  expect(files).toMatchObject({
    title: "Files",
    lines: [
      { kind: "changed", title: "rates.csv", sizes: "1.2 kB", file: "rates.csv" },
      { kind: "added", title: "logo.png", sizes: "1.2 kB" },
      { kind: "renamed", title: "old.txt → new.txt", sizes: "1.2 kB" },
    ],
  });
  expect(files?.lines.map(({ file }) => file)).toEqual(["rates.csv", undefined, undefined]);
});
