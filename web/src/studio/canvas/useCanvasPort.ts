import { useReactFlow } from "@xyflow/react";
import { useEffect, useMemo, useRef, type RefObject } from "react";
import { bringIntoView } from "@/shared/flow/bringIntoView";
import { START, edgeKey, type Flow, type Position } from "@/shared/flow/document";
import { pictureOf, unionOf, type Picture } from "@/shared/flow/geometry";
import { analyseGraph, ownersOf, type Graph } from "@/shared/flow/graph";
import { itemOf } from "@/shared/flow/records";
import { insertActivity, leadToField, placeFor } from "@/studio/canvas/insertion";
import type { CanvasPort, Place } from "@/studio/core/canvasPort";
import { useStudio } from "@/studio/core/studio";
import { useEditor, useEditorStore } from "@/studio/state/editor";
import { useRecent } from "@/studio/toolbox/useFavourites";

type FlowView = ReturnType<typeof useReactFlow>;

const PICKER = { width: 410, height: 450 };
const PADDING = 0.15;
const NEAR_ZOOM = 1;
const LEAST_ZOOM = 0.75;

/** The canvas as the rest of the page sees it: the page's commands go through it. */
export function useCanvasPort(
  element: RefObject<HTMLDivElement | null>,
  drawn: { flow: Flow; graph: Graph; picture: Picture },
  setAsking: (asking: { place: Place; at: Position }) => void,
  openSearch: () => void,
): CanvasPort {
  const store = useEditorStore();
  const { canvas } = useStudio();
  const [, remember] = useRecent();
  const flow = useReactFlow();
  const latest = useRef({ drawn, remember });
  useEffect(() => {
    latest.current = { drawn, remember };
  });
  const port = useMemo<CanvasPort>(() => {
    const toScreen = (at: Position) => {
      const box = element.current?.getBoundingClientRect();
      const point = flow.flowToScreenPosition(at);
      return box === undefined ? point : { x: point.x - box.left, y: point.y - box.top };
    };
    const centre = () => {
      const box = element.current?.getBoundingClientRect() ?? new DOMRect();
      return flow.screenToFlowPosition({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
    };
    const ask = (place: Place) => {
      const box = element.current?.getBoundingClientRect() ?? new DOMRect();
      const at = toScreen(anchorOf(latest.current.drawn, place));
      setAsking({
        place,
        at: {
          x: Math.round(Math.max(8, Math.min(at.x, box.width - PICKER.width))),
          y: Math.round(Math.max(8, Math.min(at.y, box.height - PICKER.height))),
        },
      });
    };
    return {
      show: (nodes) => {
        // Asked for at once after an edit, the picture of this moment does not have a new step yet.
        const { flow: now, catalogue } = store.getState();
        const { rects } = pictureOf(now, catalogue, analyseGraph(now, catalogue));
        const around = unionOf(nodes.map((id) => rects.get(id)).filter((rect) => rect !== undefined));
        const box = element.current?.getBoundingClientRect();
        if (around !== null && box !== undefined) bringIntoView(flow, box, around);
      },
      begin: (node) => {
        port.show([node]);
        if (!leadToField(store, node)) port.focus();
      },
      fit: () => void flow.fitView({ padding: PADDING, maxZoom: NEAR_ZOOM }),
      zoomBy: (factor) => void flow.zoomTo(flow.getZoom() * factor),
      zoomTo: (zoom) => void flow.zoomTo(zoom),
      centre,
      insert: (activity) => {
        latest.current.remember(activity);
        port.begin(insertActivity(store, activity, placeFor(store.getState(), centre())));
      },
      pick: (place) => ask(place ?? placeFor(store.getState(), centre())),
      openSearch,
      focus: () => element.current?.focus({ preventScroll: true }),
    };
  }, [store, flow, element, setAsking, openSearch]);
  useEffect(() => canvas.attach(port), [canvas, port]);
  useReveal(port);
  return port;
}

/** Follows wishes to bring a node into view; what hides it is opened. */
function useReveal(port: CanvasPort): void {
  const store = useEditorStore();
  const reveal = useEditor((state) => state.reveal);
  useEffect(() => {
    if (reveal === null) return;
    const { flow, catalogue } = store.getState();
    const owners = ownersOf(analyseGraph(flow, catalogue), reveal.node);
    for (const owner of owners) if (itemOf(flow.layout.nodes, owner)?.collapsed) store.actions.fold(owner, false);
    port.show([reveal.node]);
  }, [reveal, store, port]);
}

/** Shows a flow from its start: all of it where it can be read then, otherwise its upper part. */
export function beginAtTop(
  flow: Pick<FlowView, "setViewport">,
  element: HTMLDivElement | null,
  picture: Picture,
): void {
  const box = element?.getBoundingClientRect();
  const all = unionOf([...picture.rects.values()]);
  const start = picture.rects.get(START);
  if (box === undefined || all === null || start === undefined) return;
  const margin = 48;
  const fitting = Math.min((box.width - 2 * margin) / all.width, (box.height - 2 * margin) / all.height);
  const zoom = Math.min(NEAR_ZOOM, Math.max(fitting, LEAST_ZOOM));
  const isWhole = fitting >= LEAST_ZOOM;
  const middle = isWhole ? all.x + all.width / 2 : start.x + start.width / 2;
  void flow.setViewport({ x: box.width / 2 - middle * zoom, y: margin - all.y * zoom, zoom });
}

/** The point beside which the list of steps opens. */
function anchorOf({ flow, picture }: { flow: Flow; picture: Picture }, place: Place): Position {
  if (place.kind === "free") return place.at;
  if (place.kind === "after" && place.at !== undefined) return place.at;
  const edge = place.kind === "edge" ? flow.edges.find((other) => edgeKey(other) === place.edge) : undefined;
  const target = edge === undefined ? undefined : picture.rects.get(edge.target);
  if (target !== undefined) return { x: target.x + target.width / 2 + 20, y: target.y - 30 };
  const source = place.kind === "after" ? picture.rects.get(place.source) : undefined;
  return source === undefined ? { x: 0, y: 0 } : { x: source.x + source.width / 2, y: source.y + source.height + 20 };
}
