import type { ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api";
import type { Edge, Position } from "@/shared/flow/document";

/** Nodes that belong together, with the edges between them. */
export interface Drawn {
  readonly nodes: readonly { id: string; width: number; height: number; ports: readonly string[] }[];
  readonly edges: readonly Edge[];
}

/** Places the nodes of each stretch in layers, each node below all that lead to it. */
export type Layering = (drawn: {
  readonly stretches: readonly Drawn[];
  readonly gap: number;
  readonly sideGap: number;
}) => Promise<ReadonlyMap<string, Position>[]>;

interface Engine {
  layout: (graph: ElkNode) => Promise<ElkNode>;
}

let engine: Promise<Engine> | null = null;

/** Lays out by ELK's layered algorithm, in a worker that is started when it is first needed. */
export const layeringByElk: Layering = (drawn) => layeringBy(() => (engine ??= startEngine()))(drawn);

/** Lays out by ELK's layered algorithm, by the engine that is given. */
export function layeringBy(start: () => Promise<Engine>): Layering {
  return async ({ stretches, gap, sideGap }) => {
    const children = stretches.map((drawn, index) => graphOf(drawn, index, gap, sideGap));
    const laid = await (await start()).layout({ id: "body", layoutOptions: { "elk.algorithm": "fixed" }, children });
    return (laid.children ?? []).map(
      (stretch) =>
        new Map((stretch.children ?? []).map((node) => [inner(node.id), { x: node.x ?? 0, y: node.y ?? 0 }])),
    );
  };
}

async function startEngine(): Promise<Engine> {
  const { default: Elk } = await import("elkjs/lib/elk-api");
  const workerFactory = () => new Worker(new URL("elkjs/lib/elk-worker.min.js", import.meta.url));
  return new Elk({ workerFactory });
}

/** Two stretches share a node, and ELK wants each id once: so ids begin with the number of their stretch. */
const SEPARATOR = "|";

function inner(id: string): string {
  return id.slice(id.indexOf(SEPARATOR) + 1);
}

function graphOf({ nodes, edges }: Drawn, index: number, gap: number, sideGap: number): ElkNode {
  const own = (id: string) => `${index}${SEPARATOR}${id}`;
  return {
    id: `stretch${index}`,
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "DOWN",
      "elk.layered.spacing.nodeNodeBetweenLayers": String(gap),
      "elk.spacing.nodeNode": String(sideGap),
      "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
      "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
      "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
      "elk.padding": "[top=0,left=0,bottom=0,right=0]",
    },
    children: nodes.map(({ id, width, height, ports }) => ({
      id: own(id),
      width,
      height,
      layoutOptions: { "elk.portConstraints": "FIXED_ORDER" },
      ports: [
        { id: `${own(id)}>in`, layoutOptions: { "elk.port.side": "NORTH" } },
        ...ports.map((port, place) => ({
          id: `${own(id)}>${port}`,
          // Along the lower side, ELK counts against the clock: from the right to the left.
          layoutOptions: { "elk.port.side": "SOUTH", "elk.port.index": String(ports.length - place) },
        })),
        { id: `${own(id)}>error`, layoutOptions: { "elk.port.side": "EAST" } },
      ],
    })),
    edges: edges.map((edge, place): ElkExtendedEdge => ({
      id: `${index}${SEPARATOR}${place}`,
      sources: [`${own(edge.source)}>${edge.port}`],
      targets: [`${own(edge.target)}>in`],
    })),
  };
}
