import type { ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api";
import type { Edge, Position } from "@/shared/flow/document";

/** Nodes of one body, with the edges between them. */
export interface Drawn {
  readonly nodes: readonly { id: string; width: number; height: number; ports: readonly string[] }[];
  readonly edges: readonly Edge[];
  readonly gap: number;
  readonly sideGap: number;
}

/** Places nodes in layers, each below all that lead to it. */
export type Layering = (
  drawn: Drawn,
) => Promise<{ places: ReadonlyMap<string, Position>; width: number; height: number }>;

let engine: Promise<{ layout: (graph: ElkNode) => Promise<ElkNode> }> | null = null;

/** Lays out by ELK's layered algorithm, in a worker that is started when it is first needed. */
export const layeringByElk: Layering = async (drawn) => {
  engine ??= startEngine();
  const laid = await (await engine).layout(graphOf(drawn));
  const places = new Map((laid.children ?? []).map((node) => [node.id, { x: node.x ?? 0, y: node.y ?? 0 }]));
  return { places, width: laid.width ?? 0, height: laid.height ?? 0 };
};

async function startEngine() {
  const { default: Elk } = await import("elkjs/lib/elk-api");
  const workerFactory = () => new Worker(new URL("elkjs/lib/elk-worker.min.js", import.meta.url));
  return new Elk({ workerFactory });
}

function graphOf({ nodes, edges, gap, sideGap }: Drawn): ElkNode {
  return {
    id: "body",
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
      id,
      width,
      height,
      layoutOptions: { "elk.portConstraints": "FIXED_ORDER" },
      ports: [
        { id: `${id}>in`, layoutOptions: { "elk.port.side": "NORTH" } },
        ...ports.map((port, index) => ({
          id: `${id}>${port}`,
          // Along the lower side, ELK counts against the clock: from the right to the left.
          layoutOptions: { "elk.port.side": "SOUTH", "elk.port.index": String(ports.length - index) },
        })),
        { id: `${id}>error`, layoutOptions: { "elk.port.side": "EAST" } },
      ],
    })),
    edges: edges.map((edge, index): ElkExtendedEdge => ({
      id: String(index),
      sources: [`${edge.source}>${edge.port}`],
      targets: [`${edge.target}>in`],
    })),
  };
}
