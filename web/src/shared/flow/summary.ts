import type { Catalogue, CatalogueEntry } from "@/shared/flow/catalogue";
import type { FlowNode, Json } from "@/shared/flow/document";

const LONGEST = 90;
const MOST_VALUES = 2;

/** One line that tells what a node does: its most telling inputs, such as `GET https://shop.example/orders`. */
export function summaryOf(node: FlowNode, catalogue: Catalogue): string {
  const entry = catalogue.entryOf(node);
  const told = inWords(node, entry) ?? values(node, entry).join(" · ");
  return told.length > LONGEST ? `${told.slice(0, LONGEST)}…` : told;
}

function inWords(node: FlowNode, entry: CatalogueEntry): string | null {
  const declared = entry.inputs.find((input) => input.mode === "name");
  const variable = entry.inputs.find((input) => input.mode === "variable");
  if (variable !== undefined && node.with[variable.name] !== undefined) {
    const sign = node.do === "add_to_list" ? "+" : "=";
    return `${shown(node.with[variable.name])} ${sign} ${shown(node.with.value)}`;
  }
  if (declared !== undefined && node.with.items !== undefined)
    return `${shown(node.with[declared.name] ?? declared.default)} in ${shown(node.with.items)}`;
  if (node.with.url !== undefined) {
    const method = node.with.method ?? entry.inputs.find((input) => input.name === "method")?.default;
    return [shown(method), shown(node.with.url)].filter(Boolean).join(" ");
  }
  return null;
}

/** The values of the first fields that are filled in, the required ones before the others. */
function values(node: FlowNode, entry: CatalogueEntry): string[] {
  const filled = entry.inputs.filter((input) => node.with[input.name] !== undefined);
  const sorted = [...filled.filter((input) => input.required), ...filled.filter((input) => !input.required)];
  const names = entry.known ? sorted.map((input) => input.name) : Object.keys(node.with);
  return names
    .map((name) => shown(node.with[name]))
    .filter((text) => text !== "")
    .slice(0, MOST_VALUES);
}

function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value) && value.every((item) => typeof item === "string"))
    return value.join(", ").slice(0, LONGEST);
  if (typeof value !== "string") return JSON.stringify(value).slice(0, LONGEST);
  const line = value.trimStart().split("\n", 1)[0] ?? "";
  return line.slice(0, LONGEST).trimEnd();
}
