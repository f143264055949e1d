import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readCatalogue } from "@/shared/flow/catalogue";
import { emptyFlow, type Flow, type Json, type JsonObject } from "@/shared/flow/document";
import { columnsOf, type SeenColumns } from "@/studio/model/columns";

const catalogue = readCatalogue(
  JSON.parse(readFileSync(new URL("../../../../contract/catalog.json", import.meta.url), "utf8")),
);
const LAST_RUN: Readonly<Record<string, readonly string[]>> = {
  "read.rows": ["order", "sku", "amount"],
  "prices.rows": ["sku", "price", "amount"],
  orders: ["order"],
};
const seen: SeenColumns = (path) => LAST_RUN[path];

/** The columns of `step.rows`, where the step has these fields and stands behind `read` and `prices`. */
function columns(activity: string, fields: JsonObject, output = "rows", known: SeenColumns = seen) {
  const flow: Flow = {
    ...emptyFlow("Columns"),
    nodes: {
      read: { do: "csv.read", with: { path: "orders.csv" } },
      prices: { do: "csv.read", with: { path: "prices.csv" } },
      step: { do: activity, with: { rows: "{read.rows}", ...fields } },
    },
  };
  return columnsOf(flow, catalogue, `{step.${output}}`, known);
}

describe("the columns of a table", () => {
  it("are those that the last run saw where a file is read", () => {
    expect(columnsOf(emptyFlow("None"), catalogue, "{orders}", seen)).toEqual(["order"]);
    expect(columnsOf(emptyFlow("None"), catalogue, "{unknown.rows}", seen)).toBeNull();
    expect(columnsOf(emptyFlow("None"), catalogue, "{orders[0]}", () => undefined)).toBeNull();
  });

  it("are those of rows that are written down", () => {
    expect(columnsOf(emptyFlow("None"), catalogue, [{ a: 1 }, { a: 2, b: 3 }], seen)).toEqual(["a", "b"]);
  });

  const all = ["order", "sku", "amount"];
  it.each<[string, JsonObject, readonly string[]]>([
    ["data.filter", { column: "amount" }, all],
    ["data.sort", {}, all],
    ["data.unique", {}, all],
    ["data.convert_column", {}, all],
    ["data.select_columns", { columns: ["amount", "order"] }, ["amount", "order"]],
    ["data.select_columns", { columns: ["sku"], exclude: true }, ["order", "amount"]],
    ["data.select_columns", { rename: { sku: "article" } }, ["order", "article", "amount"]],
    ["data.add_column", { name: "tax" }, [...all, "tax"]],
    ["data.add_column", { name: "sku" }, all],
    ["data.group", { by: ["sku"], compute: { total: { sum: "amount" } } }, ["sku", "total"]],
    ["data.append", { other: "{prices.rows}" }, [...all, "price"]],
    ["data.join", { other: "{prices.rows}", on: ["sku"] }, [...all, "price", "amount 2"]],
    ["data.join", { other: "{prices.rows}", on: ["sku"], other_on: ["price"] }, [...all, "sku 2", "amount 2"]],
  ])("follow from %s with %j", (activity, fields, expected) => {
    expect(columns(activity, fields)).toEqual(expected);
  });

  it("of a join's unmatched rows are those of its first table", () => {
    expect(columns("data.join", { other: "{prices.rows}", on: ["sku"] }, "unmatched")).toEqual(all);
  });

  it.each<[string, Json]>([
    ["data.add_column", { name: "{name}" }],
    ["data.select_columns", { columns: "{wanted}" }],
    ["data.select_columns", { exclude: "{maybe}" }],
    ["data.group", { by: ["{key}"] }],
    ["python.run", {}],
  ])("of %s with %j are only those that the last run saw", (activity, fields) => {
    expect(columns(activity, fields as JsonObject)).toBeNull();
    const after: SeenColumns = (path) => (path === "step.rows" ? ["x"] : seen(path));
    expect(columns(activity, fields as JsonObject, "rows", after)).toEqual(["x"]);
  });

  it("are not known where steps take their tables from each other in a circle", () => {
    const circle: Flow = {
      ...emptyFlow("Circle"),
      nodes: {
        one: { do: "data.append", with: { rows: "{other.rows}", other: "{other.rows}" } },
        other: { do: "data.append", with: { rows: "{one.rows}", other: "{one.rows}" } },
      },
    };
    expect(columnsOf(circle, catalogue, "{one.rows}", () => undefined)).toBeNull();
  });
});
