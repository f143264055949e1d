import { IconSearch } from "@tabler/icons-react";
import { expect, test } from "vitest";
import { type Entry, found, grouped, rank } from "@/app/palette/entries";

const entry = (label: string, words = ""): Entry => ({ id: label, group: "Pages", label, words, icon: IconSearch });

test("what begins with the text comes before what has such a word, and that before what only means it", () => {
  const entries = [entry("Theme: dark", "colour"), entry("Sign out", "log off"), entry("Audit log")];
  expect(found("log", entries).map(({ label }) => label)).toEqual(["Audit log", "Sign out"]);
  expect(found("s", [entry("Users settings"), entry("System health")]).map(({ label }) => label)).toEqual([
    "System health",
    "Users settings",
  ]);
});

test("case, accents and signs do not matter, and every word must be found", () => {
  expect(rank("the da", "Theme: dark")).toBeGreaterThan(0);
  expect(rank("Ubersicht", "Übersicht")).toBe(3);
  expect(rank("theme light", "Theme: dark")).toBe(0);
});

test("nothing typed finds everything, in its order", () => {
  expect(found("", [entry("b"), entry("a")]).map(({ label }) => label)).toEqual(["b", "a"]);
});

test("groups lie together, the one with the best entry first", () => {
  const other = { ...entry("c"), group: "Do" };
  expect(grouped([entry("a"), other, entry("b")]).map(({ label }) => label)).toEqual(["a", "b", "c"]);
});
