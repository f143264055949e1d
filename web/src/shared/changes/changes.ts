import type { Schemas } from "@/shared/api/client";
import { bytes } from "@/shared/format/bytes";

export type Changes = Schemas["FlowChanges"];
export type ChangedFile = Schemas["ChangedFile"];
export type Kind = "added" | "removed" | "changed" | "renamed";

/** One line of the list of changes. */
export interface ChangeLine {
  key: string;
  kind: Kind;
  title: string;
  /** The node to show for it; null where it is about none. */
  node: string | null;
  fields: readonly Schemas["ChangedField"][];
  /** The file whose lines can be compared. */
  file?: string;
  /** The sizes of a file. */
  sizes?: string;
  /** Why there is nothing more to see. */
  note?: string;
}

/** The changes of one section of the document. */
export interface ChangeGroup {
  title: string;
  lines: readonly ChangeLine[];
}

/** All changes of the logic as the list shows them; sections without any are left out. */
export function changeGroups(changes: Changes, files: readonly ChangedFile[] = []): ChangeGroup[] {
  const parts = (name: string, items: Changes["nodes"], isNode = false): ChangeLine[] =>
    items.map((part) => ({
      key: `${name}.${part.id}`,
      kind: part.change,
      title: part.change === "renamed" ? `${part.was ?? ""} → ${part.id}` : part.id,
      node: isNode ? part.id : null,
      fields: part.fields,
    }));
  const edges = changes.edges.map((edge): ChangeLine => ({
    key: `edge.${edge.change}.${edge.edge}`,
    kind: edge.change,
    title: edge.edge.replace("->", "→"),
    node: edge.source === "start" ? edge.target : edge.source,
    fields: [],
  }));
  const again = new Set(changes.recorded_again);
  const elements = parts("element", changes.elements).map((line, index) =>
    again.has(changes.elements[index]?.id ?? "") ? { ...line, title: `${line.title} (only recorded again)` } : line,
  );
  const settings: ChangeLine[] =
    changes.settings.length === 0
      ? []
      : [{ key: "settings", kind: "changed", title: "Name and description", node: null, fields: changes.settings }];
  return [
    { title: "Workflow", lines: settings },
    { title: "Nodes", lines: parts("node", changes.nodes, true) },
    { title: "Edges", lines: edges },
    { title: "Elements", lines: elements },
    { title: "Inputs", lines: parts("input", changes.inputs) },
    { title: "Outputs", lines: parts("output", changes.outputs) },
    { title: "Variables", lines: parts("variable", changes.variables) },
    { title: "Files", lines: files.map(fileLine) },
  ].filter(({ lines }) => lines.length > 0);
}

function fileLine({ path, change, was, old_size: before, new_size: after, text }: ChangedFile): ChangeLine {
  const sizes = [before, after].filter((size) => size !== null).map(bytes);
  const title = change === "renamed" ? `${was ?? ""} → ${path}` : path;
  const words = [...new Set(sizes)].join(" → ");
  const line = { key: `file.${path}`, kind: change, title, node: null, fields: [], sizes: words };
  if (change === "renamed") return line;
  return text ? { ...line, file: path } : { ...line, note: "Not a text file, so there are no lines to compare." };
}

/** The title of a field in the list: `with.path` is the node's input `path`. */
export function fieldTitle(field: string): string {
  return field.replace(/^with\./, "");
}

/** A value as text to read. */
export function valueText(value: unknown): string {
  if (value === undefined) return "nothing";
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}
