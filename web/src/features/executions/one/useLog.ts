import { useEffect, useState } from "react";
import type { LiveExecution } from "@/features/executions/one/liveExecution";
import { lineOfEvent, LogReader } from "@/features/executions/one/logReader";
import { api, dataOf } from "@/shared/api/client";
import type { LogFilter, LogLine } from "@/shared/log/logRing";

const PAGE_SIZE = 1_000;

/** The parameters of a filter, as the Hub takes them. */
export function parametersOf({ levels, text, node }: LogFilter) {
  return {
    ...(levels.length > 0 && { level: [...levels] }),
    ...(text !== "" && { text }),
    ...(node !== null && { node }),
  };
}

/** An execution's log as far as it fits a filter; drawn anew at most once a frame, however much is told. */
export function useLog(executionId: string, filter: LogFilter, live: LiveExecution) {
  const name = JSON.stringify([executionId, filter]);
  const [shown, setShown] = useState<{ reader: LogReader | null; version: number }>({ reader: null, version: 0 });
  useEffect(() => {
    let frame = 0;
    let heard: LogLine[] = [];
    const onFrame = () => {
      frame = 0;
      if (heard.length > 0) {
        const lines = heard;
        heard = [];
        made.hear(lines);
      }
      setShown(({ version }) => ({ reader: made, version: version + 1 }));
    };
    const soon = () => {
      frame ||= requestAnimationFrame(onFrame);
    };
    const [path, wanted] = JSON.parse(name) as [string, LogFilter];
    const made = new LogReader(
      (cursor, signal) => {
        const query = {
          ...parametersOf(wanted),
          order: "newest" as const,
          limit: PAGE_SIZE,
          ...(cursor !== undefined && { cursor }),
        };
        const params = { path: { execution_id: path }, query };
        return dataOf(api.GET("/api/executions/{execution_id}/logs", { params, signal }));
      },
      wanted,
      soon,
    );
    soon();
    void made.begin();
    const stop = live.hear((event, sequence) => {
      if (event.event !== "log") return;
      heard.push(lineOfEvent(event, sequence));
      soon();
    });
    return () => {
      stop();
      made.close();
      cancelAnimationFrame(frame);
    };
  }, [name, live]);
  return shown;
}
