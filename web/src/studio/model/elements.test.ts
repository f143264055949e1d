import { describe, expect, it } from "vitest";
import { readCatalogue } from "@/shared/flow/catalogue";
import { emptyFlow, type Flow, type Json, type JsonObject } from "@/shared/flow/document";
import { readDocument } from "@/shared/flow/readDocument";
import { writeDocument } from "@/shared/flow/writeDocument";
import { compareFlows } from "@/studio/model/compare";
import { elementNameProblem, removeElement, renameElement, setElement } from "@/studio/model/edits/elements";
import { copyOf, paste } from "@/studio/model/edits/paste";
import { renameNode, renameVariable } from "@/studio/model/edits/rename";
import { mergeFlows } from "@/studio/model/merge";
import { usesOf } from "@/studio/model/references";

const selector = { anyOf: [{ type: "string", minLength: 1 }, { type: "object" }], "x-widget": "selector" };
const catalogue = readCatalogue([
  {
    id: "page.click",
    inputs: [
      { name: "target", schema: selector },
      { name: "near", schema: { anyOf: [selector, { type: "null" }], "x-widget": "selector" } },
      { name: "others", schema: { type: "array", items: selector, "x-widget": "list" } },
      { name: "note", schema: { type: "string", "x-widget": "text" } },
    ],
    outputs: [{ name: "text", schema: { type: "string" } }],
  },
]);

const save = {
  page: { title: "{who}" },
  candidates: [
    { kind: "data", value: '[data-testid="save"]', state: "valid", count: 1 },
    { kind: "text", value: "-", text: { equals: "{who}" } },
  ],
  anchors: [{ relation: "parent", kind: "text", text: "Row of {who} and {first.text}" }],
  fingerprint: { name: "{who}" },
};

const DOCUMENT: Record<string, Json> = {
  format: "exekra.flow/1",
  name: "Save",
  variables: { who: { type: "text" } },
  nodes: {
    first: { do: "page.click", with: { target: "#menu", note: "save" } },
    second: { do: "page.click", with: { target: "save", near: "row", others: ["save", "#x", "row"] } },
  },
  edges: ["start -> first -> second"],
  elements: { save, row: 'text=Row "{who}"', unused: "#u" },
  layout: { nodes: { first: { x: 1, y: 2 } } },
};
const flow = readDocument(DOCUMENT);
const elements = (changed: Flow) => writeDocument(changed).elements as JsonObject;

describe("Elements in a document", () => {
  it("are written as they were read, behind the edges and before the layout", () => {
    expect(writeDocument(flow)).toEqual(DOCUMENT);
    expect(Object.keys(writeDocument(flow))).toEqual(Object.keys(DOCUMENT));
    expect(flow.rest).toBeUndefined();
  });

  it("are not there where a workflow has none", () => {
    expect(writeDocument(emptyFlow("x"))).not.toHaveProperty("elements");
  });

  it.each([5, null, ["#a"]])("are refused where one is %j", (element) => {
    expect(() => readDocument({ elements: { a: element } })).toThrow("`elements.a` must be a text");
  });
});

describe("Edits of elements", () => {
  it("rename one in every step that names it, in its place", () => {
    const renamed = renameElement("save", "store").apply(flow, catalogue);
    expect(Object.keys(renamed.elements)).toEqual(["store", "row", "unused"]);
    expect(renamed.nodes.second?.with).toEqual({ target: "store", near: "row", others: ["store", "#x", "row"] });
    expect(renamed.nodes.first).toBe(flow.nodes.first);
  });

  it.each(["row", "", "1x", "if", "a b"])("do not rename one to %j", (name) => {
    expect(elementNameProblem(flow, name, "save")).not.toBeNull();
    expect(renameElement("save", name).apply(flow, catalogue)).toBe(flow);
  });

  it("rename nothing where no element has the name", () => {
    expect(renameElement("nobody", "x").apply(flow, catalogue)).toBe(flow);
    expect(renameElement("save", "save").apply(flow, catalogue)).toBe(flow);
  });

  it("add, change and remove one", () => {
    const added = setElement("menu", "#menu").apply(flow, catalogue);
    expect(added.elements.menu).toBe("#menu");
    expect(setElement("menu", "#menu").apply(added, catalogue)).toBe(added);
    expect(removeElement("menu").apply(added, catalogue).elements).toEqual(flow.elements);
    expect(removeElement("menu").apply(flow, catalogue)).toBe(flow);
    expect(setElement("not a name", "#menu").apply(flow, catalogue)).toBe(flow);
  });
});

describe("Names in elements", () => {
  it("follow a renamed variable, but not in what was seen at the recording", () => {
    const renamed = elements(renameVariable("who", "customer").apply(flow, catalogue));
    expect(renamed.row).toBe('text=Row "{customer}"');
    expect(renamed.save).toMatchObject({
      page: { title: "{who}" },
      candidates: [{}, { text: { equals: "{customer}" } }],
      anchors: [{ text: "Row of {customer} and {first.text}" }],
      fingerprint: { name: "{who}" },
    });
  });

  it("follow a renamed step", () => {
    const renamed = elements(renameNode("first", "begin").apply(flow, catalogue));
    expect(renamed.save).toMatchObject({ anchors: [{ text: "Row of {who} and {begin.text}" }] });
    expect(renamed.unused).toBe("#u");
  });

  it("count as used by the steps that name the element", () => {
    expect(usesOf(flow, catalogue, "who")).toEqual([
      { node: "second", field: "target" },
      { node: "second", field: "near" },
      { node: "second", field: "others" },
    ]);
  });
});

describe("Copies", () => {
  it("take the elements along that their steps name, and the variables that these read", () => {
    const copy = copyOf(flow, catalogue, ["second"]);
    expect(Object.keys(copy.elements)).toEqual(["save", "row"]);
    expect(Object.keys(copy.variables)).toEqual(["who"]);
    expect(copyOf(flow, catalogue, ["first"]).elements).toEqual({});
    const pasted = paste(copy, { x: 0, y: 0 }).apply(emptyFlow("x"), catalogue);
    expect(pasted.elements).toEqual(copy.elements);
  });

  it("share an element that the flow has, and bring another one of that name under a new one", () => {
    const copy = copyOf(flow, catalogue, ["second"]);
    expect(paste(copy, { x: 0, y: 0 }).apply(flow, catalogue).elements).toEqual(flow.elements);
    const other = setElement("save", "#other").apply(flow, catalogue);
    const pasted = paste(copy, { x: 0, y: 0 }).apply(other, catalogue);
    expect(pasted.elements).toEqual({ ...other.elements, save_2: save });
    expect(pasted.nodes.second_2?.with).toEqual({ target: "save_2", near: "row", others: ["save_2", "#x", "row"] });
    expect(pasted.nodes.second?.with).toEqual(flow.nodes.second?.with);
  });

  it("leave the elements of the flow as they are where the copied ones read other steps", () => {
    const pasted = paste(copyOf(flow, catalogue, ["first", "second"]), { x: 0, y: 0 }).apply(flow, catalogue);
    expect(pasted.elements.save).toBe(flow.elements.save);
    expect(pasted.elements.save_2).toMatchObject({ anchors: [{ text: "Row of {who} and {first_2.text}" }] });
    expect(pasted.elements.row_2).toBeUndefined();
  });

  it("read the copied step and not the one beside it", () => {
    const copy = copyOf(flow, catalogue, ["first", "second"]);
    const pasted = paste(copy, { x: 0, y: 0 }).apply(setElement("save", "#other").apply(flow, catalogue), catalogue);
    expect(pasted.elements.save_2).toMatchObject({ anchors: [{ text: "Row of {who} and {first_2.text}" }] });
  });
});

describe("Comparing and merging", () => {
  it("tell a new recording from another element", () => {
    const again = setElement("save", { ...save, fingerprint: { name: "x" } }).apply(flow, catalogue);
    const changes = compareFlows(flow, again);
    expect([changes.elements.map(({ id }) => id), changes.recorded_again, changes.nodes]).toEqual([
      ["save"],
      ["save"],
      [],
    ]);
    const other = compareFlows(flow, setElement("save", "#other").apply(flow, catalogue));
    expect([other.elements.map(({ id }) => id), other.recorded_again]).toEqual([["save"], []]);
  });

  it("keep what both changed, and tell what both changed differently", () => {
    const mine = setElement("row", "#mine").apply(flow, catalogue);
    const theirs = setElement("unused", "#theirs").apply(flow, catalogue);
    const merged = mergeFlows(flow, mine, theirs, catalogue);
    expect(merged.flow.elements).toEqual({ save, row: "#mine", unused: "#theirs" });
    expect(merged.conflicts).toEqual([]);
    const against = setElement("row", "#theirs").apply(flow, catalogue);
    expect(mergeFlows(flow, mine, against, catalogue).conflicts).toEqual(["element row"]);
  });
});
