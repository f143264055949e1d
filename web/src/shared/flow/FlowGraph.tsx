import "@xyflow/react/dist/base.css";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import {
  Background,
  BackgroundVariant,
  Controls,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
  useStoreApi,
} from "@xyflow/react";
import { type ReactNode, useCallback, useEffect, useId, useMemo, useState } from "react";
import { arrange } from "@/shared/flow/arrange";
import { bringIntoView } from "@/shared/flow/bringIntoView";
import { FarContext, FoldContext } from "@/shared/flow/canvasContext";
import type { Catalogue } from "@/shared/flow/catalogue";
import { EMPTY_LAYOUT, START, type Flow } from "@/shared/flow/document";
import classes from "@/shared/flow/FlowGraph.module.css";
import { isArranged, pictureOf, type Rect } from "@/shared/flow/geometry";
import { analyseGraph } from "@/shared/flow/graph";
import { itemOf, mapRecord } from "@/shared/flow/records";
import { layeringByElk } from "@/shared/flow/layering";
import { Overview } from "@/shared/flow/Overview";
import { pictureEdges } from "@/shared/flow/pictureEdges";
import { PictureNodes, type Decoration } from "@/shared/flow/pictureNodes";
import { edgeTypes, nodeTypes } from "@/shared/flow/pictureParts";
import type { Mark, NodeRunState } from "@/shared/flow/runState";

/** Below this zoom, texts could not be read, and cards are drawn as plain boxes. */
export const FAR_ZOOM = 0.38;

interface FlowGraphProps {
  flow: Flow;
  catalogue: Catalogue;
  /** What a run told of the nodes. */
  overlay?: Readonly<Record<string, NodeRunState>>;
  /** How nodes differ from another version. */
  marks?: Readonly<Record<string, Mark>>;
  selected?: string | null;
  onSelect?: (node: string | null) => void;
  /** Which node to bring into view at first; the whole flow where there is none. */
  focus?: string | null;
  /** What is told of nodes beside that, such as breakpoints. */
  decorations?: ReadonlyMap<string, Decoration>;
  /** A node was clicked twice. */
  onOpen?: (node: string) => void;
  /** Whether the page around scrolls: the wheel is then the page's, and zooms with Ctrl only. */
  inPage?: boolean;
  /** What stands in the picture and may move it. */
  children?: ReactNode;
}

/** A workflow as a picture to look at. It fills the room that it is given. */
export function FlowGraph(props: FlowGraphProps) {
  const placed = usePlacedFlow(props.flow, props.catalogue);
  const [folded, setFolded] = useState<Readonly<Record<string, boolean>>>({});
  const flow = useMemo(() => placed && withFolded(placed, folded), [placed, folded]);
  const fold = useCallback((node: string, one: boolean) => setFolded((all) => ({ ...all, [node]: one })), []);
  if (flow === null) return <Skeleton height="100%" radius={0} role="status" aria-label="Drawing the workflow" />;
  return (
    <ReactFlowProvider>
      <FoldContext value={fold}>
        <Graph {...props} flow={flow} />
      </FoldContext>
    </ReactFlowProvider>
  );
}

/** The flow with blocks as one step, or in full, as somebody who looks at it wants them. */
function withFolded(flow: Flow, folded: Readonly<Record<string, boolean>>): Flow {
  const nodes = mapRecord(flow.layout.nodes, (place, node) => {
    const collapsed = itemOf(folded, node);
    return collapsed === undefined ? place : { ...place, collapsed };
  });
  return nodes === flow.layout.nodes ? flow : { ...flow, layout: { ...flow.layout, nodes } };
}

/** The flow with a place for every node; null until it is arranged. */
function usePlacedFlow(flow: Flow, catalogue: Catalogue): Flow | null {
  const arranged = isArranged(flow);
  const { data } = useQuery({
    queryKey: ["arranged", flow],
    queryKeyHashFn: () => `arranged:${keyOf(flow)}`,
    queryFn: () => arrange(flow, catalogue, layeringByElk),
    enabled: !arranged,
    staleTime: Infinity,
    gcTime: 60_000,
  });
  return useMemo(() => {
    if (arranged) return flow;
    return data === undefined ? null : { ...flow, layout: { ...EMPTY_LAYOUT, texts: flow.layout.texts, nodes: data } };
  }, [arranged, data, flow]);
}

const keys = new WeakMap<Flow, number>();
let lastKey = 0;

function keyOf(flow: Flow): number {
  const key = keys.get(flow) ?? (lastKey += 1);
  keys.set(flow, key);
  return key;
}

const NOTHING = new Map<string, never>();

function Graph(props: FlowGraphProps) {
  const { flow, catalogue, overlay, marks, selected = null, onSelect, focus = null, onOpen, inPage = false } = props;
  const { decorations = NOTHING } = props;
  // Arrowheads and dots are found by it; two pictures on a page must not share them.
  const id = useId();
  const far = useStore((state) => state.transform[2] < FAR_ZOOM);
  const [maker] = useState(() => new PictureNodes());
  const drawn = useMemo(() => {
    const graph = analyseGraph(flow, catalogue);
    return { graph, picture: pictureOf(flow, catalogue, graph) };
  }, [flow, catalogue]);
  const nodes = useMemo(
    () =>
      maker.make({
        flow,
        catalogue,
        ...drawn,
        decorations,
        overlay: overlay ?? null,
        marks: marks ?? null,
        selected: new Set(selected === null ? [] : [selected]),
        folded: NOTHING,
      }),
    [maker, flow, catalogue, drawn, decorations, overlay, marks, selected],
  );
  const edges = useMemo(
    () =>
      pictureEdges({
        flow,
        catalogue,
        graph: drawn.graph,
        shownAs: (id) => drawn.picture.hidden.get(id) ?? id,
        selected: new Set(),
        overlay: overlay ?? null,
      }),
    [flow, catalogue, drawn, overlay],
  );
  return (
    <FarContext value={far}>
      <div className={classes.graph}>
        <ReactFlow
          id={id}
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onlyRenderVisibleElements
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          deleteKeyCode={null}
          preventScrolling={!inPage}
          minZoom={0.05}
          maxZoom={1.75}
          fitView
          fitViewOptions={fitting(focus)}
          zoomOnDoubleClick={onOpen === undefined}
          onNodeClick={(_event, node) => onSelect?.(node.id === START ? null : node.id)}
          onNodeDoubleClick={(_event, node) => onOpen?.(node.id)}
          onPaneClick={() => onSelect?.(null)}
          onNodesChange={(changes) => {
            // By the keyboard too. What is selected from outside comes back in no change.
            const chosen = changes.find((change) => change.type === "select" && change.selected && change.id !== START);
            if (chosen?.type === "select") onSelect?.(chosen.id);
          }}
          proOptions={{ hideAttribution: true }}
          aria-label={`Workflow ${flow.name}`}
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} color="var(--flow-dots)" />
          <Controls showInteractive={false} />
          {nodes.length > 12 && <Overview />}
          <Follow rect={focus === null ? undefined : drawn.picture.rects.get(focus)} />
          {props.children}
        </ReactFlow>
      </div>
    </FarContext>
  );
}

function fitting(focus: string | null) {
  return { padding: 0.12, maxZoom: 1, ...(focus === null ? {} : { nodes: [{ id: focus }] }) };
}

function Follow({ rect }: { rect: Rect | undefined }) {
  const view = useReactFlow();
  const store = useStoreApi();
  useEffect(() => {
    if (rect !== undefined) bringIntoView(view, store.getState(), rect);
  }, [rect, view, store]);
  return null;
}
