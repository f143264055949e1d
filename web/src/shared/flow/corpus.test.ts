import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bracketProblem, expressionTokens, nameOf } from "@/shared/flow/expressionTokens";
import { credentialName, templateParts, templateProblem } from "@/shared/flow/template";

/** The cases that Python's tests run too. */
function corpus<Case>(name: string): Case[] {
  const file = new URL(`../../../../contract/corpus/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] }).cases;
}

describe("Expressions", () => {
  it.each(corpus<{ source: string; names?: string[]; error?: true }>("expressions"))("$source", ({ source, names }) => {
    const tokens = expressionTokens(source);
    if (names === undefined) return;
    expect(bracketProblem(source)).toBeNull();
    const found = new Set(tokens.filter(({ kind }) => kind === "name").map(nameOf));
    expect([...found].sort()).toEqual([...names].sort());
  });
});

type Part = { text: string } | { expression: string };

describe("Templates", () => {
  it.each(corpus<{ text: string; parts?: Part[]; credential?: string; error?: "braces" | "syntax" }>("templates"))(
    "$text",
    ({ text, parts, credential, error }) => {
      if (credential !== undefined) expect(credentialName(text)).toBe(credential);
      else if (error === "syntax") expect(() => templateProblem(text)).not.toThrow();
      else if (error === "braces") expect(templateProblem(text)).not.toBeNull();
      else {
        expect(templateProblem(text)).toBeNull();
        expect(meaning(text)).toEqual(parts);
      }
    },
  );
});

function meaning(text: string): Part[] {
  const found: Part[] = [];
  for (const [index, part] of templateParts(text).entries()) {
    if (part.kind === "expression") found.push({ expression: part.source });
    else {
      const plain =
        part.kind === "escape" ? "{" : halved(text.slice(part.from, part.to), index < templateParts(text).length - 1);
      const last = found.at(-1);
      if (last && "text" in last) last.text += plain;
      else if (plain !== "") found.push({ text: plain });
    }
  }
  return found;
}

/** Of backslashes in front of a brace each pair is one; `atEnd` says that a brace follows on the text. */
function halved(text: string, atEnd: boolean): string {
  const half = (slashes: string) => "\\".repeat(slashes.length >> 1);
  const inner = text.replace(/(\\+)\{/g, (_all, slashes: string) => `${half(slashes)}{`);
  return atEnd ? inner.replace(/\\+$/, half) : inner;
}
