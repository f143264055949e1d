import { ERROR, START, edgeKey, nodeOf, type Position } from "@/shared/flow/document";
import { CARD, EMPTY_BODY, GAP, pictureOf, type Picture, type Rect } from "@/shared/flow/geometry";
import { analyseGraph } from "@/shared/flow/graph";
import { onwardPort } from "@/studio/model/connections";
import { together, type Edit } from "@/studio/model/edit";
import { addAfter, addNode, idOf, insertOnEdge, type NewNode } from "@/studio/model/edits/nodes";
import { handOn, takeResults } from "@/studio/model/edits/takeResults";
import { resultBehind, type Result } from "@/studio/model/results";
import { makeRoom } from "@/studio/model/room";
import type { Place } from "@/studio/core/canvasPort";
import type { EditorState, EditorStore } from "@/studio/state/editor";

const SIDE_GAP = 40;

/** Add a step of that kind at a place, select it, and give its id. */
export function insertActivity(store: EditorStore, activity: string, place: Place): string {
  const state = store.getState();
  const picture = drawnFlow(state);
  const width = state.catalogue.get(activity)?.bodies.length ? EMPTY_BODY.width : CARD.width;
  const centre = centreFor(state, picture, place);
  const added: NewNode = { do: activity, at: { x: Math.round(centre.x - width / 2), y: Math.round(centre.y) } };
  const id = idOf(state.flow, state.catalogue, added);
  const edits = [editFor(added, place), takeResults(id), handOn(id), makeRoom(id)];
  store.actions.perform(together("Add step", edits));
  store.actions.begin(id);
  return id;
}

/** Select a new step and lead to the first field that has to be filled in; whether there is one. */
export function leadToField(store: EditorStore, id: string): boolean {
  const { flow, catalogue } = store.getState();
  const node = nodeOf(flow, id);
  const empty =
    node && catalogue.entryOf(node).inputs.find(({ name, required }) => required && !Object.hasOwn(node.with, name));
  if (empty === undefined) return false;
  store.actions.openPanel("right", "properties");
  store.actions.revealNode(id, empty.name);
  return true;
}

/** What a step at that place would take from those before it. */
export function resultAt({ flow, catalogue }: EditorState, place: Place): Result | null {
  if (place.kind === "free") return null;
  const edge = place.kind === "edge" ? flow.edges.find((other) => edgeKey(other) === place.edge) : place;
  return edge === undefined ? null : resultBehind(flow, catalogue, edge.source, edge.port === ERROR);
}

/** The place that fits the selection: behind the selected step, on the selected edge, or at the end of the flow. */
export function placeFor(state: EditorState, free: Position): Place {
  const { flow, catalogue, selection } = state;
  const [edge] = selection.edges;
  if (edge !== undefined) return { kind: "edge", edge };
  const [node] = selection.nodes;
  const source = node ?? lastStep(state);
  if (source === undefined) return { kind: "free", at: free };
  const port = onwardPort(flow, catalogue, source);
  return port === undefined ? { kind: "free", at: free } : { kind: "after", source, port };
}

/** The end of the flow's own chain; the start where there is none. */
function lastStep({ flow, catalogue }: EditorState): string | undefined {
  const { main } = analyseGraph(flow, catalogue);
  const ends = main.nodes.filter((id) => !flow.edges.some((edge) => edge.source === id && edge.port !== ERROR));
  const open = ends.filter((id) => onwardPort(flow, catalogue, id) !== undefined);
  return main.first === null ? START : (open.at(-1) ?? main.nodes.at(-1));
}

function drawnFlow({ flow, catalogue }: EditorState): Picture {
  return pictureOf(flow, catalogue, analyseGraph(flow, catalogue));
}

function editFor(added: NewNode, place: Place): Edit {
  if (place.kind === "free") return addNode(added);
  return place.kind === "edge" ? insertOnEdge(added, place.edge) : addAfter(added, place);
}

/** The middle of the new step's upper side. */
function centreFor(state: EditorState, picture: Picture, place: Place): Position {
  if (place.kind === "free") return place.at;
  if (place.kind === "edge") {
    const edge = state.flow.edges.find((other) => edgeKey(other) === place.edge);
    const target = picture.rects.get(edge?.target ?? "");
    return target === undefined ? { x: 0, y: 0 } : { x: target.x + target.width / 2, y: target.y };
  }
  const follower = state.flow.edges.find((edge) => edge.source === place.source && edge.port === place.port);
  const isFork = nodeOf(state.flow, place.source)?.do === "parallel";
  if (follower !== undefined && !isFork) return centreFor(state, picture, { kind: "edge", edge: edgeKey(follower) });
  if (place.at !== undefined) return place.at;
  return freeCentre(picture, behind(picture, place.source, place.port));
}

function behind(picture: Picture, source: string, port: string): Position {
  const rect = picture.rects.get(source) ?? { x: 0, y: 0, ...CARD };
  const parts = picture.parts.get(source);
  const middle = rect.x + rect.width / 2;
  if (parts === undefined) return { x: middle, y: rect.y + rect.height + GAP };
  if (port === ERROR) return { x: rect.x + rect.width + SIDE_GAP * 2 + CARD.width / 2, y: rect.y + CARD.height + GAP };
  const spread = (ports: readonly string[]) => (ports.indexOf(port) - (ports.length - 1) / 2) * (CARD.width + SIDE_GAP);
  if (parts.bodies.includes(port)) {
    const region = picture.regions.get(source)?.get(port);
    if (region !== undefined) return { x: region.x + region.width + SIDE_GAP + CARD.width / 2, y: region.y };
    return { x: middle + spread(parts.bodies), y: rect.y + CARD.height + GAP };
  }
  return { x: middle + spread(parts.onward), y: rect.y + rect.height + GAP };
}

/** The place, moved to the right until a card there would cover no other step. Blocks around it do not count. */
function freeCentre(picture: Picture, centre: Position): Position {
  const covers = (at: Position) =>
    [...picture.rects].some(([id, rect]) => picture.parts.get(id)?.shape !== "block" && meets(rect, at));
  let at = centre;
  for (let tries = 0; tries < 20 && covers(at); tries += 1) at = { x: at.x + CARD.width + SIDE_GAP, y: at.y };
  return at;
}

function meets(rect: Rect, centre: Position): boolean {
  return (
    Math.abs(rect.x + rect.width / 2 - centre.x) < (rect.width + CARD.width) / 2 &&
    rect.y < centre.y + CARD.height &&
    centre.y < rect.y + rect.height
  );
}
