import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bracketProblem, expressionTokens } from "@/shared/flow/expressionTokens";
import {
  credentialName,
  escapeTemplate,
  plainText,
  templateParts,
  templateProblem,
  wholeExpression,
} from "@/shared/flow/template";

const texts = fc.string({
  unit: fc.constantFrom("{", "}", "\\", "a", "_", " ", "1", '"', "'", "[", "]", "(", ")", "é", ".", "\n", "𝒳"),
  maxLength: 24,
});
const kinds = (source: string) => expressionTokens(source).map(({ kind, text }) => `${kind}:${text}`);

describe("a template's parts", () => {
  it("cover the text without a gap, whatever it holds", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const parts = templateParts(text);
        expect(parts.map(({ from, to }) => text.slice(from, to)).join("")).toBe(text);
        expect(parts.every(({ from, to }) => to > from)).toBe(true);
      }),
    );
  });

  it("are expressions only where a letter or underscore follows the brace", () => {
    const found = templateParts('{"sku": "{order.sku}", "n": \\{x} {1}');
    expect(found.filter(({ kind }) => kind === "expression")).toEqual([
      { kind: "expression", from: 9, to: 20, source: "order.sku", closed: true },
    ]);
    expect(found.filter(({ kind }) => kind === "escape")).toHaveLength(1);
  });

  it("end an expression behind its own brackets and quotes", () => {
    expect(wholeExpression('{merge({"a": "}"}, b)}')).toBe('merge({"a": "}"}, b)');
    expect(wholeExpression("{a} and more")).toBeNull();
    expect(wholeExpression("{a}{b}")).toBeNull();
    expect(wholeExpression("{a")).toBeNull();
  });

  it("know credentials only alone in a text", () => {
    expect(credentialName("{{credential:shop key}}")).toBe("shop key");
    expect(credentialName("{{credential}}")).toBe("");
    expect(credentialName("Bearer {{credential:x}}")).toBeNull();
  });
});

describe("plain text", () => {
  it("survives being written as a template and read back", () => {
    fc.assert(fc.property(texts, (text) => void expect(plainText(escapeTemplate(text))).toBe(text)));
  });

  it("is left alone where no brace would begin an expression", () => {
    expect(escapeTemplate('{"a": 1} C:\\out')).toBe('{"a": 1} C:\\out');
    expect(plainText("{a}")).toBeNull();
  });
});

describe("an expression's tokens", () => {
  it("tell names from functions, fields, arguments and words", () => {
    expect(kinds("round(order.total * 2, digits=1) if known else null")).toEqual([
      "function:round",
      "open:(",
      "name:order",
      "operator:.",
      "field:total",
      "operator:*",
      "number:2",
      "operator:,",
      "argument:digits",
      "operator:=",
      "number:1",
      "close:)",
      "word:if",
      "name:known",
      "word:else",
      "constant:null",
    ]);
  });

  it("know the names that a comprehension makes, and only inside of it", () => {
    const found = expressionTokens("[line.price for line in order.lines if line.ok] + line");
    expect(found.filter(({ text }) => text === "line").map(({ kind }) => kind)).toEqual([
      "local",
      "local",
      "local",
      "name",
    ]);
  });

  it("never overlap and never lose a character", () => {
    fc.assert(
      fc.property(texts, (text) => {
        let end = 0;
        for (const token of expressionTokens(text)) {
          expect(text.slice(end, token.from).trim()).toBe("");
          expect(text.slice(token.from, token.to)).toBe(token.text);
          end = token.to;
        }
        expect(text.slice(end).trim()).toBe("");
      }),
    );
  });
});

describe("what is wrong at first sight", () => {
  it.each([
    ["{sum([a, b)}", "'[' is closed by ')'.", 10],
    ["x {name", "A } is missing here. If the brace is plain text, write \\{.", 2],
    ['{upper("a)}', 'The text that begins with " is not closed.', 7],
    ["{{name}}", "An expression is written in single braces: {name}. If the outer brace is plain text, write \\{.", 0],
  ])("of %s is said at its place", (text, message, from) => {
    expect(templateProblem(text)).toMatchObject({ message, from });
  });

  it("is nothing where brackets match", () => {
    expect(templateProblem('{"json": [1, {x}]} {name[0]}')).toBeNull();
    expect(bracketProblem('f(a, {"b": [1]})')).toBeNull();
  });
});
