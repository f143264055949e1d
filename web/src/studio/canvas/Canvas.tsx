import "@xyflow/react/dist/base.css";
import {
  Background,
  BackgroundVariant,
  ConnectionLineType,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useReactFlow,
  useStore,
  type EdgeChange,
  type NodeChange,
} from "@xyflow/react";
import { type MouseEvent as ReactMouseEvent, useCallback, useMemo, useRef, useState } from "react";
import {
  BreakpointContext,
  CanvasActionsContext,
  FoldContext,
  DropEdgeContext,
  FarContext,
  type CanvasActions,
} from "@/shared/flow/canvasContext";
import graphClasses from "@/shared/flow/FlowGraph.module.css";
import { FAR_ZOOM } from "@/shared/flow/FlowGraph";
import { edgeTypes, nodeTypes } from "@/shared/flow/pictureParts";
import { CalledCanvas } from "@/studio/canvas/CalledCanvas";
import classes from "@/studio/canvas/Canvas.module.css";
import { Overview } from "@/shared/flow/Overview";
import { CanvasTools } from "@/studio/canvas/CanvasTools";
import { EmptyCanvas } from "@/studio/canvas/EmptyCanvas";
import { extraNodeTypes, groupOfKey, noteOfKey } from "@/studio/canvas/extraNodes";
import { insertActivity, resultAt } from "@/studio/canvas/insertion";
import { SearchBar } from "@/studio/canvas/SearchBar";
import { useCanvasPicture } from "@/studio/canvas/useCanvasPicture";
import { StepMenu } from "@/studio/canvas/StepMenu";
import { beginAtTop, useCanvasPort } from "@/studio/canvas/useCanvasPort";
import { useCanvasKeys } from "@/studio/canvas/useCanvasKeys";
import { useConnecting } from "@/studio/canvas/useConnecting";
import { selectedAfter } from "@/studio/canvas/useDragging";
import { useDropping } from "@/studio/canvas/useDropping";
import { useClipboardEvents } from "@/studio/canvas/useClipboardEvents";
import { showCalled } from "@/studio/called/showCalled";
import { useBreakpointActions } from "@/studio/debug/useBreakpointActions";
import type { Place } from "@/studio/core/canvasPort";
import { useEditor, useEditorStore } from "@/studio/state/editor";
import { Picker } from "@/studio/toolbox/Picker";
import { useRecent } from "@/studio/toolbox/useFavourites";

const allNodeTypes = { ...nodeTypes, ...extraNodeTypes };
const GRID: [number, number] = [4, 4];
const PAN_BUTTONS = [0, 1, 2];
const ZOOM = { min: 0.03, max: 1.75 };
const MANY = 12;
const FREE_PLACE = ".react-flow__pane, [data-empty-canvas]";
const NO_CALLS: readonly string[] = [];

/** What asks for a step: where it will stand, and where on the canvas the list opens, in pixels. */
interface Asking {
  readonly place: Place;
  readonly at: { x: number; y: number };
}

/** The workflow as a picture that is drawn on; while a called one is looked at, that lies over it. */
export function Canvas() {
  const covered = useEditor((state) => state.calls.length > 0);
  return (
    <>
      <div className={classes.own} inert={covered}>
        <ReactFlowProvider>
          <CanvasInside />
        </ReactFlowProvider>
      </div>
      {covered && <CalledCanvas />}
    </>
  );
}

function CanvasInside() {
  const store = useEditorStore();
  const element = useRef<HTMLDivElement>(null);
  const readOnly = useEditor((state) => state.readOnly);
  const isEmpty = useEditor((state) => Object.keys(state.flow.nodes).length === 0);
  const name = useEditor((state) => state.flow.name);
  const far = useStore((state) => state.transform[2] < FAR_ZOOM);
  const { screenToFlowPosition } = useReactFlow();
  const [groups, setGroups] = useState<readonly string[]>([]);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [searching, setSearching] = useState(false);
  const [, remember] = useRecent();
  const { nodes, edges, drawn, onMove, onDrop } = useCanvasPicture(groups);
  const openSearch = useCallback(() => setSearching(true), []);
  const port = useCanvasPort(element, drawn, setAsking, openSearch);
  const ask = useCallback((place: Place) => port.pick(place), [port]);
  const toFlow = useCallback(
    (event: MouseEvent | TouchEvent) => screenToFlowPosition(pointOf(event)),
    [screenToFlowPosition],
  );
  const connecting = useConnecting(toFlow, ask);
  const dropping = useDropping();
  useCanvasKeys(element, drawn, port);
  useClipboardEvents(element, port);

  const onNodesChange = (changes: NodeChange[]) => {
    onMove(changes);
    if (!changes.some((change) => change.type === "select")) return;
    const { selection } = store.getState();
    const before = [...selection.nodes, ...selection.notes.map((id) => `note:${id}`), ...groups];
    const after = selectedAfter(before, changes);
    if (after === before) return;
    const notes = after.map(noteOfKey).filter((id) => id !== null);
    const nodes = after.filter((id) => noteOfKey(id) === null && groupOfKey(id) === null);
    setGroups(after.filter((id) => groupOfKey(id) !== null));
    store.actions.select({ nodes, notes, edges: selection.edges });
  };
  const onEdgesChange = (changes: EdgeChange[]) => {
    const { selection } = store.getState();
    const chosen = new Set(selection.edges);
    for (const change of changes) if (change.type === "select") chosen[change.selected ? "add" : "delete"](change.id);
    store.actions.select({ ...selection, edges: [...chosen] });
  };
  const actions = useMemo<CanvasActions | null>(
    () =>
      readOnly
        ? null
        : {
            addAfter: (source, sourcePort) => ask({ kind: "after", source, port: sourcePort }),
            insertOn: (edge) => ask({ kind: "edge", edge }),
          },
    [readOnly, ask],
  );
  const onDoubleClick = (event: ReactMouseEvent) => {
    const isFree = event.target instanceof Element && event.target.closest(FREE_PLACE) !== null;
    if (isFree && !readOnly) ask({ kind: "free", at: toFlow(event.nativeEvent) });
  };
  const breakpoints = useBreakpointActions(NO_CALLS);
  const choose = (activity: string) => {
    if (asking === null) return;
    setAsking(null);
    remember(activity);
    port.begin(insertActivity(store, activity, asking.place));
  };

  return (
    <FarContext value={far}>
      <FoldContext value={store.actions.fold}>
        <CanvasActionsContext value={actions}>
          <BreakpointContext value={breakpoints}>
            <DropEdgeContext value={dropping.edge}>
              <div
                ref={element}
                className={`${classes.canvas} ${graphClasses.graph}`}
                tabIndex={0}
                role="application"
                aria-label={`Canvas of ${name}`}
                aria-describedby="canvas-help"
                data-canvas
                // Here, and not on the drawing, so that a step may be dropped on what lies over it, too.
                onDragOver={dropping.onDragOver}
                onDragLeave={dropping.onDragLeave}
                onDrop={dropping.onDrop}
                onDoubleClick={onDoubleClick}
              >
                <ReactFlow
                  nodes={nodes}
                  edges={edges}
                  nodeTypes={allNodeTypes}
                  edgeTypes={edgeTypes}
                  onlyRenderVisibleElements
                  onNodesChange={onNodesChange}
                  onEdgesChange={onEdgesChange}
                  onNodeDragStop={onDrop}
                  onSelectionDragStop={onDrop}
                  {...connecting}
                  nodesDraggable={!readOnly}
                  nodesConnectable={!readOnly}
                  edgesReconnectable={!readOnly}
                  nodesFocusable={false}
                  edgesFocusable={false}
                  elevateNodesOnSelect={false}
                  disableKeyboardA11y
                  connectOnClick={false}
                  connectionDragThreshold={4}
                  connectionRadius={36}
                  connectionLineType={ConnectionLineType.SmoothStep}
                  selectionMode={SelectionMode.Full}
                  panOnDrag={PAN_BUTTONS}
                  zoomOnDoubleClick={false}
                  multiSelectionKeyCode={["Shift", "Meta", "Control"]}
                  deleteKeyCode={null}
                  snapToGrid
                  snapGrid={GRID}
                  minZoom={ZOOM.min}
                  maxZoom={ZOOM.max}
                  onPaneClick={() => port.focus()}
                  onNodeDoubleClick={(_event, { id }) => {
                    if (!showCalled(store, id)) store.actions.openPanel("right", "properties");
                  }}
                  onInit={(flow) => beginAtTop(flow, element.current, drawn.picture)}
                  proOptions={{ hideAttribution: true }}
                >
                  <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} color="var(--flow-dots)" />
                  {nodes.length > MANY && <Overview />}
                </ReactFlow>
                <CanvasTools port={port} />
                {isEmpty && asking === null && <EmptyCanvas port={readOnly ? null : port} />}
                {searching && (
                  <SearchBar
                    onClose={() => {
                      setSearching(false);
                      port.focus();
                    }}
                  />
                )}
                {asking !== null && (
                  <Picker
                    at={asking.at}
                    result={resultAt(store.getState(), asking.place)}
                    onChoose={choose}
                    onClose={() => {
                      setAsking(null);
                      port.focus();
                    }}
                  />
                )}
                <StepMenu element={element} />
                <Announcer />
              </div>
            </DropEdgeContext>
          </BreakpointContext>
        </CanvasActionsContext>
      </FoldContext>
    </FarContext>
  );
}

/** Tells a screen reader what is selected. */
function Announcer() {
  const words = useEditor(({ selection, flow, catalogue }) => {
    if (selection.nodes.length > 1) return `${selection.nodes.length} steps selected`;
    const [id] = selection.nodes;
    const node = id === undefined ? undefined : flow.nodes[id];
    return node === undefined ? "" : `${id}, ${catalogue.entryOf(node).title}`;
  });
  return (
    <>
      <span role="status" className="mantine-visually-hidden" style={HIDDEN}>
        {words}
      </span>
      <span id="canvas-help" style={HIDDEN}>
        Arrow keys walk from step to step, Enter edits the step, the slash key adds one, Delete removes it.
      </span>
    </>
  );
}

const HIDDEN = { position: "absolute", width: 1, height: 1, overflow: "hidden", clipPath: "inset(50%)" } as const;

function pointOf(event: MouseEvent | TouchEvent): { x: number; y: number } {
  const point = "changedTouches" in event ? event.changedTouches[0] : event;
  return { x: point?.clientX ?? 0, y: point?.clientY ?? 0 };
}
