import type { Edit } from "@/studio/model/edit";
import { connectionProblem, withEdge } from "@/studio/model/connections";
import { edgeKey, type Edge } from "@/shared/flow/document";

/** Lead a port to a node. Where the port has an edge already, that one is led there instead. */
export function connect(edge: Edge): Edit {
  return {
    label: "Connect",
    apply: (flow, catalogue) => {
      if (connectionProblem(flow, catalogue, edge) !== null) return flow;
      const edges = withEdge(flow, catalogue, edge);
      return edges === flow.edges ? flow : { ...flow, edges };
    },
  };
}

/** Remove edges, by their keys. */
export function disconnect(keys: readonly string[]): Edit {
  const gone = new Set(keys);
  return {
    label: keys.length === 1 ? "Delete connection" : `Delete ${keys.length} connections`,
    apply: (flow) => {
      const edges = flow.edges.filter((edge) => !gone.has(edgeKey(edge)));
      return edges.length === flow.edges.length ? flow : { ...flow, edges };
    },
  };
}

/** Let an edge begin at another port, or end at another node. */
export function reconnect(key: string, edge: Edge): Edit {
  return {
    label: "Move connection",
    apply: (flow, catalogue) => {
      const place = flow.edges.findIndex((other) => edgeKey(other) === key);
      if (place < 0 || edgeKey(edge) === key) return flow;
      const without = { ...flow, edges: flow.edges.filter((_, index) => index !== place) };
      if (connectionProblem(without, catalogue, edge) !== null) return flow;
      return { ...flow, edges: withEdge(without, catalogue, edge) };
    },
  };
}
