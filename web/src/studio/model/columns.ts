/** Which columns a table has, as far as the workflow tells without being run. */
import type { Catalogue } from "@/shared/flow/catalogue";
import { nodeOf, type Flow, type FlowNode, type Json, type JsonObject } from "@/shared/flow/document";
import { itemOf } from "@/shared/flow/records";
import { templateParts, wholeExpression } from "@/shared/flow/template";

/** The columns that the last run saw at a path such as `read.rows`; undefined where it tells nothing. */
export type SeenColumns = (path: string) => readonly string[] | undefined;

type Columns = readonly string[] | null;

/**
 * The columns of a table that a field holds: of a reference, through the steps that it came by, or of rows that are
 * written down. Null where nobody knows.
 */
export function columnsOf(flow: Flow, catalogue: Catalogue, value: Json | undefined, seen: SeenColumns): Columns {
  return new Reader(flow, catalogue, seen).of(value);
}

class Reader {
  /** What is known of each path; null, too, while it is being found out, so that a circle ends. */
  private readonly known = new Map<string, Columns>();

  constructor(
    private readonly flow: Flow,
    private readonly catalogue: Catalogue,
    private readonly seen: SeenColumns,
  ) {}

  of(value: Json | undefined): Columns {
    if (Array.isArray(value)) return columnsOfRows(value);
    const path = typeof value === "string" ? wholeExpression(value)?.trim() : undefined;
    if (path === undefined) return null;
    if (!this.known.has(path)) {
      this.known.set(path, null);
      this.known.set(path, this.ofPath(path));
    }
    return this.known.get(path) ?? null;
  }

  private ofPath(path: string): Columns {
    const [step = "", output = "", ...more] = path.split(".");
    const node = more.length > 0 ? undefined : nodeOf(this.flow, step);
    return (node && this.ofResult(node, output)) ?? this.seen(path) ?? null;
  }

  /** The columns of a step's result, where they follow from its fields. */
  private ofResult(node: FlowNode, output: string): Columns {
    const field = (name: string) => itemOf(node.with, name);
    const rows = () => this.of(field("rows"));
    switch (this.catalogue.entryOf(node).id) {
      case "data.filter":
      case "data.sort":
      case "data.unique":
      case "data.convert_column":
        return rows();
      case "data.select_columns":
        return selected(rows(), field("columns"), field("rename"), field("exclude"));
      case "data.add_column":
        return joined(rows(), listOfTexts([field("name") ?? ""]));
      case "data.group":
        return joined(listOfTexts(field("by") ?? []), namesOf(field("compute")));
      case "data.append":
        return joined(rows(), this.of(field("other")));
      case "data.join":
        return output === "unmatched" ? rows() : this.ofJoin(node, rows());
      default:
        return null;
    }
  }

  private ofJoin(node: FlowNode, ours: Columns): Columns {
    const theirs = this.of(itemOf(node.with, "other"));
    const on = listOfTexts(itemOf(node.with, "on"));
    const otherOn = listOfTexts(itemOf(node.with, "other_on") ?? []);
    if (ours === null || theirs === null || on === null || otherOn === null) return null;
    const keys = otherOn.length > 0 ? otherOn : on;
    const names = [...ours];
    for (const name of theirs) if (!keys.includes(name)) names.push(freeName(name, names));
    return names;
  }
}

/** As the activities name a column whose name is taken: `sku`, `sku 2`. */
function freeName(name: string, taken: readonly string[]): string {
  let free = name;
  for (let number = 2; taken.includes(free); number += 1) free = `${free} ${number}`;
  return free;
}

function columnsOfRows(rows: readonly Json[]): Columns {
  const names = new Set<string>();
  for (const row of rows) if (isObject(row)) for (const name of Object.keys(row)) names.add(name);
  return names.size === 0 ? null : [...names];
}

function selected(
  columns: Columns,
  chosen: Json | undefined,
  rename: Json | undefined,
  exclude: Json | undefined,
): Columns {
  const named = listOfTexts(chosen ?? []);
  if (named === null || (exclude !== undefined && typeof exclude !== "boolean")) return null;
  const left = exclude === true ? (columns?.filter((name) => !named.includes(name)) ?? null) : null;
  const kept = exclude === true ? left : named.length > 0 ? named : columns;
  if (rename === undefined || rename === null) return kept;
  if (!isObject(rename)) return null;
  return kept?.map((name) => stringOf(itemOf(rename, name)) ?? name) ?? null;
}

/** The names of both, each once; null where one is not known. */
function joined(one: Columns, other: Columns): Columns {
  return one === null || other === null ? null : [...new Set([...one, ...other])];
}

function namesOf(value: Json | undefined): Columns {
  if (value === undefined || value === null) return [];
  return isObject(value) ? Object.keys(value) : null;
}

/** A list of texts without expressions; null for anything else. */
function listOfTexts(value: Json | undefined): Columns {
  if (!Array.isArray(value)) return null;
  const texts = value.map(stringOf);
  return texts.every((text) => text !== undefined && text !== "") ? (texts as string[]) : null;
}

function stringOf(value: Json | undefined): string | undefined {
  const isPlain = typeof value === "string" && templateParts(value).every(({ kind }) => kind === "text");
  return isPlain ? value : undefined;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
