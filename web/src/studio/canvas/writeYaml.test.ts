import { expect, it } from "vitest";
import { writeYaml } from "@/studio/canvas/writeYaml";

it("writes a workflow as the Hub does", () => {
  const document = {
    format: "exekra.flow/1",
    name: "Prices: all",
    nodes: {
      each: { do: "for_each", with: { items: "{rows}", item: "row" } },
      work: {
        do: "general.python",
        with: { code: "total = 0\n\nfor row in rows:\n    total += row.price\n", inputs: { rows: [{ price: 1.5 }] } },
        retry: { times: 3 },
        enabled: false,
      },
      tell: { do: "general.log" },
    },
    edges: ["start -> each", "each.body -> work -> tell"],
    layout: { nodes: { each: { x: 0, y: -40 } }, notes: {} },
  };
  expect(writeYaml(document)).toBe(`format: exekra.flow/1
name: "Prices: all"
nodes:
  each:
    do: for_each
    with: {items: "{rows}", item: row}
  work:
    do: general.python
    with:
      code: |
        total = 0

        for row in rows:
            total += row.price
      inputs:
        rows:
        - {price: 1.5}
    retry: {times: 3}
    enabled: false
  tell:
    do: general.log
edges:
- start -> each
- each.body -> work -> tell
layout:
  nodes:
    each: {x: 0, y: -40}
  notes: {}
`);
});

it.each([
  ["no", '"no"'],
  ["12", '"12"'],
  ["", '""'],
  ["a: b", '"a: b"'],
  ["- a", '"- a"'],
  ["ends with a space ", '"ends with a space "'],
  ["two\nlines", "|-\n  two\n  lines"],
  ["a space at an end \nof a line", '"a space at an end \\nof a line"'],
  ["  indented\nfirst", '"  indented\\nfirst"'],
  ["\u2028\u0085", '"\\u2028\\u0085"'],
  ["שלום 🧾", '"שלום 🧾"'],
  [1e21, "1e+21"],
  [null, "null"],
])("keeps %j what it is", (value, written) => {
  expect(writeYaml({ key: value })).toBe(`key: ${written}\n`);
});
