import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { LiveExecution } from "@/features/executions/one/liveExecution";
import { NodeBook, type NodeFigures } from "@/features/executions/one/nodeBook";
import { nodesQuery } from "@/features/executions/queries";

/** What each node did so far, by id: drawn anew at most once a frame, however much is told. */
export function useNodeFigures(executionId: string, live: LiveExecution): Readonly<Record<string, NodeFigures>> {
  const { data } = useQuery(nodesQuery(executionId));
  const [book] = useState(() => new NodeBook());
  const [figures, setFigures] = useState<Readonly<Record<string, NodeFigures>>>({});
  useEffect(() => {
    if (data === undefined) return undefined;
    book.fill(data.items);
    const frame = requestAnimationFrame(() => setFigures(book.snapshot()));
    return () => cancelAnimationFrame(frame);
  }, [book, data]);
  useEffect(() => {
    let frame = 0;
    const stop = live.hear((event) => {
      if (event.event !== "node.entered" && event.event !== "node.left" && event.event !== "node.totals") return;
      book.take(event);
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
