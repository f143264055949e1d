import { useState } from "react";
import { callsTo } from "@/shared/flow/calls";

/** Which graph is shown: that of the chosen node, and without one the last that somebody went to. */
export function useGraphPlace(node: string | undefined, onNode: (node: string | undefined) => void) {
  const [last, setLast] = useState<readonly string[]>([]);
  const calls = node === undefined ? last : callsTo(node);
  return {
    calls,
    /** Chooses a node, also one in another graph, or none in this one. */
    choose: (name: string | undefined) => {
      setLast(name === undefined ? calls : callsTo(name));
      onNode(name);
    },
    /** Shows the graph that calls lead to. */
    go: (to: readonly string[]) => {
      setLast(to);
      onNode(undefined);
    },
  };
}
