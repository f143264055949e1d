import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCatalogue } from "@/shared/flow/catalogue";
import { emptyFlow, type Flow } from "@/shared/flow/document";
import { type CompletionSource, offersAt } from "@/studio/expressions/completion";
import { plainValue } from "@/studio/expressions/lastValues";
import { withLoopItems } from "@/studio/expressions/loopItems";
import type { LanguageFunction, NameInReach } from "@/studio/expressions/names";
import { callAt, expressionAt, insideBraces, pathText, valueAt, wholeAt } from "@/studio/expressions/reading";
import { unknownName, withoutValue } from "@/studio/expressions/unknownName";
import { fromCodePoints } from "@/studio/expressions/useTrial";

const name = (id: string, kind: NameInReach["kind"], more: Partial<NameInReach> = {}): NameInReach => ({
  name: id,
  kind,
  type: "any",
  description: "",
  source: null,
  certain: true,
  fields: [],
  ...more,
});
const upper: LanguageFunction = {
  name: "upper",
  signature: "upper(text: text) -> text",
  summary: "Turn all letters into capitals.",
  description: "",
  group: "text",
  examples: [],
  returns: "text",
  aliases: [],
};
const source: CompletionSource = {
  names: [
    name("file", "input"),
    name("read", "result", { fields: [{ name: "rows", type: "table", description: "The rows." }] }),
    name("late", "result", { certain: false }),
    name("order", "loop-item"),
  ],
  functions: [upper],
  scope: {
    read: { rows: { columns: ["sku", "Unit price"], rows: [["A1", 3]], length: 1 }, count: 1 },
    order: { sku: "A1", lines: [{ price: 10 }] },
  },
};
/** What is offered at the place of the bar. */
const offered = (text: string, explicit = false) => {
  const position = text.indexOf("|");
  return offersAt(text.replace("|", ""), position, source, explicit);
};
const labels = (text: string) => offered(text)?.offers.map(({ label }) => label) ?? null;

describe("what is offered", () => {
  it("is nothing in plain text, and names with braces where it was asked for", () => {
    expect(offered("Hello fi|")).toBeNull();
    const asked = offered("Hello fi|", true);
    expect(asked?.from).toBe(6);
    expect(asked?.offers.find(({ label }) => label === "file")?.insert).toBe("{file}");
  });

  it("is a step's table where a table is wanted, and leaves the cursor inside where a field may follow", () => {
    const offers = offersAt("", 0, { ...source, wanted: "table" }, true)?.offers ?? [];
    const [first] = offers.toSorted((a, b) => b.boost - a.boost);
    expect(first).toMatchObject({ label: "read.rows", type: "table", insert: "{read.rows}", back: 0 });
    expect(offers.find(({ label }) => label === "read")).toMatchObject({ insert: "{read}", back: 1 });
    expect(offers.find(({ label }) => label === "file")).toMatchObject({ insert: "{file}", back: 0 });
  });

  it("begins behind a brace", () => {
    expect(labels("Hello {|")).toContain("read");
    expect(labels("Hello \\{|")).toBeNull();
  });

  it("puts what is nearest first, and what may be missing after its like", () => {
    const ranked = offered("{o|}")?.offers.toSorted((a, b) => b.boost - a.boost) ?? [];
    expect(ranked.slice(0, 4).map(({ label }) => label)).toEqual(["order", "read", "file", "late"]);
    expect(ranked.findIndex(({ kind }) => kind === "function")).toBeLessThan(
      ranked.findIndex(({ kind }) => kind === "word"),
    );
  });

  it("knows fields of the catalogue and of the last run's values", () => {
    expect(labels("{read.|}")).toEqual(["rows", "count"]);
    expect(labels("{order.lines[0].|}")).toEqual(["price"]);
    expect(labels("{sum([line.| for line in order.lines])}")).toEqual(["price"]);
    expect(labels("{unknown.|}")).toBeNull();
  });

  it("writes names that are not identifiers in brackets", () => {
    const price = offered("{read.rows[0].|}")?.offers.find(({ label }) => label === "Unit price");
    expect(price).toMatchObject({ insert: '["Unit price"]', replacesDot: true });
  });

  it("is nothing inside of a text, and never fails", () => {
    expect(offered('{upper("re|")}')).toBeNull();
    const texts = fc.string({
      unit: fc.constantFrom("{", "}", ".", "a", "read", "[", "0", "]", '"', "(", ","),
      maxLength: 14,
    });
    fc.assert(
      fc.property(texts, fc.nat(30), fc.boolean(), (text, at, explicit) => {
        const found = offersAt(text, Math.min(at, text.length), source, explicit);
        if (found) expect(found.from).toBeLessThanOrEqual(Math.min(at, text.length));
      }),
    );
  });
});

describe("reading an expression", () => {
  it("finds the call that the cursor is in", () => {
    expect(callAt("replace(upper(a), b, ", 21)).toMatchObject({ name: "replace", argument: 2 });
    expect(callAt("replace(upper(", 14)).toMatchObject({ name: "upper", argument: 0 });
    expect(callAt("[a, b", 4)).toBeNull();
  });

  it("knows which expression of a text the cursor is in", () => {
    expect(expressionAt("a {b} c {d.e} f", 11)).toEqual({ source: "d.e", position: 2 });
    expect(expressionAt("a {b} c", 7)).toBeNull();
  });

  it("reads values by paths, rows of tables too", () => {
    expect(valueAt(source.scope ?? {}, ["read", "rows", 0, "Unit price"])).toBe(3);
    expect(valueAt({ a: 1 }, ["a", "b", 0])).toBeUndefined();
    expect(pathText(["read", "rows", 0, "Unit price"])).toBe('read.rows[0]["Unit price"]');
  });

  it("puts braces around what is inserted into plain text only", () => {
    expect(insideBraces("Hello ", 6, "file")).toBe("{file}");
    expect(insideBraces("{upper()}", 7, "file")).toBe("file");
  });

  it("counts as the Hub does, where one character is two units", () => {
    expect(fromCodePoints("𝒳{name}", 1)).toBe(2);
  });
});

describe("items of loops", () => {
  const catalogue = readCatalogue([
    {
      id: "for_each",
      inputs: [{ name: "items" }, { name: "item", default: "item", mode: "name" }, { name: "index", mode: "name" }],
    },
  ]);
  const flow = (items: string): Flow => ({
    ...emptyFlow("Loops"),
    nodes: { each: { do: "for_each", with: { items, item: "order", index: "place" } } },
  });

  it("are the first of what the loop goes through", () => {
    const rows = { columns: ["sku"], rows: [["A1"]], length: 1 };
    const filled = withLoopItems({ read: { rows } }, flow("{read.rows}"), catalogue, () => null);
    expect(filled).toMatchObject({ order: { sku: "A1" }, place: 0 });
  });

  it("come from what the run told where the list is calculated, and never replace what is known", () => {
    const told = () => ({ items: { a: 1 } });
    expect(withLoopItems({}, flow("{merge(x, y)}"), catalogue, told).order).toEqual({ key: "a", value: 1 });
    expect(withLoopItems({ order: 7 }, flow("{merge(x, y)}"), catalogue, told).order).toBe(7);
  });
});

describe("kept values", () => {
  it("are made plain", () => {
    const table = { $table: { columns: ["when"], rows: [[{ $date: "2026-11-20" }]] } };
    expect(plainValue({ table, price: { $decimal: "1.5" }, odd: { $object: { $x: 1 } } })).toEqual({
      table: { columns: ["when"], rows: [["2026-11-20"]], length: 1 },
      price: 1.5,
      odd: { $x: 1 },
    });
  });

  it("stay what they are where they are plain", () => {
    const plain = fc
      .jsonValue({ noUnicodeString: true } as never)
      .filter((value) => !JSON.stringify(value).includes("$"));
    fc.assert(fc.property(plain, (value) => void expect(plainValue(value as never)).toEqual(value)));
  });
});

describe("an expression without braces", () => {
  const whole = (text: string) => {
    const position = text.indexOf("|");
    return offersAt(text.replace("|", ""), position, source, false, wholeAt);
  };

  it("is offered the same, from its first letter on", () => {
    expect(whole("rea|")).toMatchObject({ from: 0 });
    expect(whole("1 < rea|")?.from).toBe(4);
    expect(whole("upper(read.|")?.offers.map(({ label }) => label)).toContain("rows");
    expect(whole('"rea|"')).toBeNull();
  });

  it("names a step that has not run", () => {
    expect(withoutValue("Hello {upper(late.text)}", source.names, source.scope ?? {})).toBe("late");
    expect(withoutValue("late {read.rows}", source.names, source.scope ?? {})).toBeNull();
  });

  it("names what is not in reach, and nothing that it makes itself", () => {
    expect(unknownName("order.sku == reed.rows", source.names)).toMatchObject({ from: 13, to: 17 });
    expect(unknownName('upper(file) == "reed" and order.reed', source.names)).toBeNull();
    expect(unknownName("sum([line.price for line in order.lines])", source.names)).toBeNull();
    expect(unknownName("true", [])).toBeNull();
  });
});
