import { MarkerType, type Edge as DrawnEdge } from "@xyflow/react";
import type { Catalogue } from "@/shared/flow/catalogue";
import { ERROR, NEXT, edgeKey, edgeStart, type Edge, type Flow } from "@/shared/flow/document";
import { isBodyEdge, type Graph } from "@/shared/flow/graph";
import { itemOf } from "@/shared/flow/records";
import type { NodeRunState } from "@/shared/flow/runState";

export interface EdgeData extends Record<string, unknown> {
  readonly source: string;
  readonly port: string;
  readonly wrong: boolean;
  /** Whether the run that is shown came this way, as far as its two ends tell. */
  readonly passed: boolean;
  /** How often, where its ends tell that. */
  readonly count: number | undefined;
}

export type PictureEdge = DrawnEdge<EdgeData, "way">;

/** What the edges are drawn from. `shownAs` gives the block or group that hides a node. */
export interface EdgesInput {
  readonly flow: Flow;
  readonly catalogue: Catalogue;
  readonly graph: Graph;
  readonly shownAs: (id: string) => string;
  readonly selected: ReadonlySet<string>;
  readonly overlay: Readonly<Record<string, NodeRunState>> | null;
}

const ARROW = { type: MarkerType.ArrowClosed, width: 14, height: 14 } as const;

/** The edges of the picture. Those inside of what is collapsed are left out, those across its border end at it. */
export function pictureEdges(input: EdgesInput): PictureEdge[] {
  const { flow, catalogue, graph, shownAs, selected, overlay } = input;
  const wrong = new Set(graph.wrong);
  const ends = endsOf(flow.edges);
  const drawn: PictureEdge[] = [];
  for (const edge of flow.edges) {
    const [source, target] = [shownAs(edge.source), shownAs(edge.target)];
    if (source === target) continue;
    const key = edgeKey(edge);
    const body = isBodyEdge(flow, catalogue, edge);
    const depth = ownerDepth(graph, edge.source) + (body ? 1 : 0);
    drawn.push({
      id: key,
      type: "way",
      source,
      sourceHandle: source === edge.source ? edge.port : "out",
      target,
      targetHandle: "in",
      selected: selected.has(key),
      zIndex: Math.max(0, depth * 2 - 1),
      ariaLabel: `Connection from ${edgeStart(edge)} to ${edge.target}`,
      markerEnd: { ...ARROW, color: edge.port === ERROR ? "var(--mantine-color-red-6)" : "var(--flow-way)" },
      data: {
        source: edge.source,
        port: edge.port,
        wrong: wrong.has(edge),
        passed: overlay !== null && hasPassed(overlay, edge.source, edge.target),
        count: overlay === null ? undefined : countOf(overlay, edge, ends),
      },
    });
  }
  return drawn;
}

function ownerDepth(graph: Graph, id: string): number {
  let depth = 0;
  for (let owner = graph.bodyOf.get(id)?.owner ?? null; owner !== null; depth += 1)
    owner = graph.bodyOf.get(owner)?.owner ?? null;
  return depth;
}

function hasPassed(overlay: Readonly<Record<string, NodeRunState>>, source: string, target: string): boolean {
  const after = itemOf(overlay, target);
  return (
    after !== undefined && after.state !== "skipped" && (source === "start" || itemOf(overlay, source) !== undefined)
  );
}

interface Ends {
  readonly leaving: ReadonlyMap<string, number>;
  readonly coming: ReadonlyMap<string, number>;
}

function endsOf(edges: readonly Edge[]): Ends {
  const leaving = new Map<string, number>();
  const coming = new Map<string, number>();
  for (const { source, target } of edges) {
    leaving.set(source, (leaving.get(source) ?? 0) + 1);
    coming.set(target, (coming.get(target) ?? 0) + 1);
  }
  return { leaving, coming };
}

/** How often it was passed: as often as the step behind it ran, where no other way leads there. */
function countOf(
  overlay: Readonly<Record<string, NodeRunState>>,
  { source, port, target }: Edge,
  { leaving, coming }: Ends,
): number | undefined {
  if (coming.get(target) === 1) return itemOf(overlay, target)?.count;
  return leaving.get(source) === 1 && port === NEXT ? itemOf(overlay, source)?.count : undefined;
}
