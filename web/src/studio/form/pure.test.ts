import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { InputEntry } from "@/shared/flow/catalogue";
import { withBraces } from "@/shared/flow/template";
import { formatDuration, parseDuration } from "@/studio/form/duration";
import { modeOf } from "@/studio/form/fieldMode";
import { cellText, cellValue, formatCells, parseCells } from "@/studio/form/pasteTable";
import { shapeOf } from "@/studio/form/schema";
import { groupFields, isMeaningful } from "@/studio/form/visibility";

const field = (name: string, more: Partial<InputEntry> = {}): InputEntry => ({
  name,
  title: name,
  description: "",
  schema: {},
  required: false,
  default: undefined,
  mode: "template",
  when: null,
  ...more,
});

describe("a schema's shape", () => {
  it("is that of its widget where it names one, and of its type otherwise", () => {
    expect(shapeOf({ type: "string", "x-widget": "multiline" }).widget).toBe("multiline");
    expect(shapeOf({ type: "string", "x-widget": "hologram" }).widget).toBe("text");
    expect(shapeOf({ anyOf: [{ type: "integer" }, { type: "number" }] }).widget).toBe("number");
    expect(shapeOf({}).widget).toBe("any");
    expect(shapeOf({ type: ["weird"] as never }).widget).toBe("any");
  });

  it("follows references and keeps the definitions for what is inside", () => {
    const condition = { type: "object", properties: { column: { type: "string" } }, required: ["column"] };
    const list = shapeOf({ $defs: { Condition: condition }, type: "array", items: { $ref: "#/$defs/Condition" } });
    const row = shapeOf(list.items);
    expect(row.widget).toBe("object");
    expect(row.properties).toMatchObject([{ name: "column", required: true, title: "Column" }]);
  });

  it("knows bounds and null through alternatives", () => {
    const shape = shapeOf({ anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }], "x-widget": "number" });
    expect(shape).toMatchObject({ nullable: true, minimum: 1, whole: true });
  });
});

describe("the way a value is written", () => {
  const number = shapeOf({ type: "number" });
  it("shows every value, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom("text", "number", "switch", "table", "object", "list"),
        (value, widget) => {
          const mode = modeOf(shapeOf({ "x-widget": widget }), value as never, false);
          if (mode === "expression") expect(typeof value).toBe("string");
        },
      ),
    );
    expect(modeOf(number, 3, false)).toBe("literal");
    expect(modeOf(number, "{total}", false)).toBe("expression");
    expect(modeOf(number, { a: 1 }, false)).toBe("json");
  });

  it("is an expression for a condition that has no value yet", () => {
    expect(modeOf(shapeOf({ type: "boolean" }), undefined, true)).toBe("expression");
    expect(modeOf(shapeOf({ type: "boolean" }), undefined, false)).toBe("literal");
  });

  it("puts braces around a bare expression only", () => {
    expect(withBraces("total > 10")).toBe("{total > 10}");
    expect(withBraces("{total} > 10")).toBe("{total} > 10");
    expect(withBraces("10")).toBe("10");
    expect(withBraces("")).toBe("");
  });
});

describe("conditional fields", () => {
  const kind = field("authentication", { default: "none" });
  const user = field("user", { when: { authentication: ["basic"] } });
  it("are shown with the value they need, by default too, and where nobody knows", () => {
    expect(isMeaningful(user, [kind, user], {})).toBe(false);
    expect(isMeaningful(user, [kind, user], { authentication: "basic" })).toBe(true);
    expect(isMeaningful(user, [kind, user], { authentication: "{how}" })).toBe(true);
    expect(isMeaningful(field("x", { when: { authentication: ["none"] } }), [kind], {})).toBe(true);
  });

  it("stand with the field that they depend on, and every field stands once", () => {
    const fields = [
      field("url", { required: true }),
      ...["a", "b", "c", "d", "e"].map((name) => field(name)),
      kind,
      user,
    ];
    const closed = groupFields(fields, new Set());
    expect(closed.more.map(({ name }) => name)).toEqual(["c", "d", "e", "authentication", "user"]);
    const open = groupFields(fields, new Set(["user"]));
    expect(open.main.map(({ name }) => name)).toEqual(["url", "a", "b", "authentication", "user"]);
    expect([...open.main, ...open.more]).toHaveLength(fields.length);
  });
});

describe("lengths of time", () => {
  it("are read as people write them", () => {
    expect(["90", "1m 30s", "1.5h", "2 days", "1,5 min", "250ms", "1 h 30 min"].map(parseDuration)).toEqual([
      90, 90, 5400, 172_800, 90, 0.25, 5400,
    ]);
    expect(["", "soon", "1 parsec", "1 2", "-3"].map(parseDuration)).toEqual([null, null, null, null, null]);
  });

  it("come back as they were written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 31_536_000_000 }), (thousandths) => {
        expect(parseDuration(formatDuration(thousandths / 1000))).toBe(thousandths / 1000);
      }),
    );
  });
});

describe("pasted tables", () => {
  it("come back as they were copied", () => {
    const cell = fc.string({
      unit: fc.constantFrom("a", '"', "\t", "\n", ",", ";", " ", "1"),
      minLength: 1,
      maxLength: 6,
    });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(rows, (cells) => void expect(parseCells(formatCells(cells))).toEqual(cells)));
  });

  it("are read from CSV too", () => {
    expect(parseCells('sku;name\r\nA1;"one; two"\r\n')).toEqual([
      ["sku", "name"],
      ["A1", "one; two"],
    ]);
  });

  it("take numbers for numbers, and leave what only looks like one", () => {
    expect(["12", "-1.5", "007", "1e5", "true", "", "12345678901234567890"].map(cellValue)).toEqual([
      12,
      -1.5,
      "007",
      "1e5",
      true,
      null,
      "12345678901234567890",
    ]);
    expect(cellText(cellValue("12.50"))).toBe("12.5");
  });
});
