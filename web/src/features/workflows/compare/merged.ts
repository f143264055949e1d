import type { Changes } from "@/shared/changes/changes";
import type { JsonObject } from "@/shared/flow/document";
import type { Mark } from "@/shared/flow/runState";

type Document = Readonly<Record<string, unknown>>;

/** Both versions as one document, and how its nodes differ. */
export interface Merged {
  document: Document;
  marks: Record<string, Mark>;
}

/** The newer version together with the nodes that went, each with the edges that led to it and from it. */
export function mergeDocuments(older: Document, newer: Document, changes: Changes): Merged {
  const removed = changes.nodes.filter(({ change }) => change === "removed").map(({ id }) => id);
  const marks: Record<string, Mark> = {};
  for (const { id, change } of changes.nodes) marks[id] = change === "renamed" ? "changed" : change;
  for (const { change, source, target } of changes.edges) {
    // A node whose way on changed is changed too, where nothing else is said of it.
    const node = source === "start" ? target : source;
    if (change === "added" && marks[node] === undefined) marks[node] = "changed";
  }
  if (removed.length === 0) return { document: newer, marks };
  const before = objectOf(older.nodes);
  const gone = Object.fromEntries(removed.flatMap((id) => (before[id] === undefined ? [] : [[id, before[id]]])));
  const nodes = { ...objectOf(newer.nodes), ...gone };
  const known = new Set(["start", ...Object.keys(nodes)]);
  const wasEdges = changes.edges
    .filter(({ change, source, target }) => change === "removed" && touches(removed, source, target))
    .filter(({ source, target }) => known.has(source) && known.has(target))
    .map(({ edge }) => edge);
  const edges = [...((newer.edges as string[] | undefined) ?? []), ...wasEdges];
  return { document: { ...newer, nodes, edges, layout: mergedLayout(older, newer, removed) }, marks };
}

function touches(removed: readonly string[], source: string, target: string): boolean {
  return removed.includes(source) || removed.includes(target);
}

/** The newer places with the old ones of what went; none where both want the same place, so that all is arranged anew. */
function mergedLayout(older: Document, newer: Document, removed: readonly string[]): JsonObject {
  const was = placesOf(older);
  const is = placesOf(newer);
  const places: Record<string, Place> = { ...is };
  for (const id of removed) {
    const place = was[id];
    if (place === undefined || Object.values(is).some((other) => isNear(place, other))) return {};
    places[id] = place;
  }
  return { nodes: places as unknown as JsonObject };
}

interface Place {
  x: number;
  y: number;
}

const NEAR_X = 240;
const NEAR_Y = 90;

function isNear(one: Place, other: Place): boolean {
  return Math.abs(one.x - other.x) < NEAR_X && Math.abs(one.y - other.y) < NEAR_Y;
}

function placesOf(document: Document): Record<string, Place> {
  return objectOf(objectOf(document.layout).nodes) as Record<string, Place>;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
