import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { LiveExecution } from "@/features/executions/one/liveExecution";
import { NodeBook, type NodeFigures } from "@/features/executions/one/nodeBook";
import { type ExecutionDetail, nodesQuery } from "@/features/executions/queries";
import { isActive } from "@/features/executions/search";

/** What each node did so far, by id: drawn anew at most once a frame, however much is told. */
export function useNodeFigures({ id, state }: ExecutionDetail, live: LiveExecution) {
  const { data } = useQuery(nodesQuery(id, !isActive(state)));
  const [book] = useState(() => new NodeBook());
  const [figures, setFigures] = useState<Readonly<Record<string, NodeFigures>>>({});
  useEffect(() => {
    if (data === undefined) return undefined;
    book.fill(data.items, data.ended);
    const frame = requestAnimationFrame(() => setFigures(book.snapshot()));
    return () => cancelAnimationFrame(frame);
  }, [book, data]);
  useEffect(() => {
    let frame = 0;
    const stop = live.hear((event, sequence) => {
      if (event.event !== "node.entered" && event.event !== "node.left" && event.event !== "node.totals") return;
      book.take(event, sequence);
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        setFigures(book.snapshot());
      });
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, [book, live]);
  return figures;
}
