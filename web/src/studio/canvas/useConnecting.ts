import type { Connection, Edge as DrawnEdge, FinalConnectionState } from "@xyflow/react";
import { notifications } from "@mantine/notifications";
import { useCallback, useMemo } from "react";
import { edgeKey, type Edge, type Flow, type Position } from "@/shared/flow/document";
import { connectionProblem } from "@/studio/model/connections";
import { together } from "@/studio/model/edit";
import { connect, reconnect } from "@/studio/model/edits/edges";
import { takeResults } from "@/studio/model/edits/takeResults";
import type { Place } from "@/studio/core/canvasPort";
import { useEditorStore, type EditorStore } from "@/studio/state/editor";

/** Drawing edges: only those that may be are drawn, and one that ends nowhere asks for a step. */
export function useConnecting(toFlow: (event: MouseEvent | TouchEvent) => Position, onNowhere: (place: Place) => void) {
  const store = useEditorStore();
  const isValidConnection = useMemo(() => validator(store), [store]);
  const onConnect = useCallback(
    (connection: Connection) =>
      store.actions.perform(together("Connect", [connect(edgeOf(connection)), takeResults(connection.target)])),
    [store],
  );
  const onReconnect = useCallback(
    (before: DrawnEdge, connection: Connection) => store.actions.perform(reconnect(before.id, edgeOf(connection))),
    [store],
  );
  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, { isValid, fromHandle, fromNode, toNode }: FinalConnectionState) => {
      if (isValid || fromHandle === null || fromNode === null || fromHandle.type !== "source") return;
      const from = { source: fromNode.id, port: fromHandle.id ?? "next" };
      if (toNode === null) {
        onNowhere({ kind: "after", ...from, at: toFlow(event) });
        return;
      }
      const { flow, catalogue } = store.getState();
      const message = connectionProblem(flow, catalogue, { ...from, target: toNode.id });
      if (message !== null && toNode.id !== fromNode.id) notifications.show({ color: "yellow", message });
    },
    [store, onNowhere, toFlow],
  );
  return { isValidConnection, onConnect, onReconnect, onConnectEnd };
}

/** Whether an edge may be drawn, remembered for as long as the flow stays: it is asked at every movement. */
function validator(store: EditorStore) {
  const known = new Map<string, boolean>();
  let asked: Flow | null = null;
  return (connection: Connection | DrawnEdge) => {
    const { flow, catalogue } = store.getState();
    if (flow !== asked) known.clear();
    asked = flow;
    const edge = edgeOf(connection);
    const valid = known.get(edgeKey(edge)) ?? connectionProblem(flow, catalogue, edge) === null;
    known.set(edgeKey(edge), valid);
    return valid;
  };
}

function edgeOf({ source, sourceHandle, target }: Connection | DrawnEdge): Edge {
  return { source, port: sourceHandle ?? "next", target };
}
