import { expect, test } from "vitest";
import type { Parameter } from "@/shared/flow/document";
import { ARRIVING, readAll, readText, textOf } from "@/shared/inputs/values";

test.each<[Parameter, string, unknown]>([
  [{ type: "text" }, "", ""],
  [{ type: "text" }, " a ", " a "],
  [{ type: "number" }, "1.5", 1.5],
  [{ type: "number" }, "1.234,5", 1234.5],
  [{ type: "number" }, "1e3", 1000],
  [{ type: "boolean" }, "true", true],
  [{ type: "boolean" }, "", false],
  [{ type: "duration" }, "90", 90],
  [{ type: "duration" }, "PT5M", "PT5M"],
  [{ type: "list" }, "[1]", [1]],
  [{ type: "object" }, '{"a": 1}', { a: 1 }],
  [{ type: "table" }, '[{"a": 1}]', [{ a: 1 }]],
  [{ type: "any" }, "12", 12],
  [{ type: "any" }, "twelve", "twelve"],
  [{ type: "file" }, "a.xlsx", "a.xlsx"],
  [{ type: "file" }, '{"$file":"1","name":"a.xlsx","size":2}', { $file: "1", name: "a.xlsx", size: 2 }],
])("%o reads %s", (parameter, text, value) => {
  expect(readText(parameter, text)).toEqual({ value });
});

test.each<[Parameter, string]>([
  [{ type: "number" }, "one"],
  [{ type: "number" }, ""],
  [{ type: "number" }, "99999999999999999999"],
  [{ type: "list" }, '{"a": 1}'],
  [{ type: "table" }, "[1]"],
  [{ type: "object" }, "[1]"],
  [{ type: "date" }, ""],
  [{ type: "file" }, ""],
  [{ type: "file" }, ARRIVING],
])("%o refuses %s", (parameter, text) => {
  expect(readText(parameter, text)).toHaveProperty("problem");
});

test("what was not touched is left to the default, whatever its type", () => {
  const parameters: Record<string, Parameter> = {
    who: { type: "text", default: "world" },
    limit: { type: "number", default: 5 },
    loud: { type: "boolean", default: false },
    rows: { type: "list", default: [1, { a: 2 }] },
  };
  const texts = Object.fromEntries(Object.entries(parameters).map(([name, one]) => [name, textOf(one)]));
  expect(readAll(parameters, texts)).toEqual({ inputs: {}, problems: {} });
  expect(readAll(parameters, { ...texts, who: "", loud: "true" })).toEqual({
    inputs: { who: "", loud: true },
    problems: {},
  });
});
