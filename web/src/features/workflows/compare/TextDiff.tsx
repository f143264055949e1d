import "@/shared/code/code.module.css";
import { yaml } from "@codemirror/lang-yaml";
import { MergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { Skeleton } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { exportAddress } from "@/features/workflows/actions";
import classes from "@/features/workflows/compare/compare.module.css";
import { workflowKey } from "@/features/workflows/queries";
import { refusalOf } from "@/shared/api/client";
import { editorLooks } from "@/shared/code/editorLooks";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

const UNCHANGED_LINES = 4;

/** The texts of two versions beside one another; what is the same in both is folded. */
export function TextDiff({ id, from, to }: { id: string; from: number; to: number }) {
  const [older, newer] = useQueries({ queries: [textQuery(id, from), textQuery(id, to)] });
  const error = older.error ?? newer.error;
  if (error) return <ErrorPanel error={error} />;
  if (older.data === undefined || newer.data === undefined) return <Skeleton height="100%" radius={0} />;
  return <Merged older={older.data} newer={newer.data} from={from} to={to} />;
}

function textQuery(id: string, number: number) {
  return {
    queryKey: [...workflowKey(id), "text", number],
    staleTime: 60_000,
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const response = await fetch(exportAddress(id, "yaml", number), { signal });
      if (!response.ok) throw await refusalOf(response);
      return response.text();
    },
  };
}

function Merged({ older, newer, from, to }: { older: string; newer: string; from: number; to: number }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return undefined;
    const look = (name: string) => [
      ...editorLooks,
      yaml(),
      lineNumbers(),
      EditorState.readOnly.of(true),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": name }),
    ];
    const view = new MergeView({
      parent: place.current,
      a: { doc: older, extensions: look(`Version ${from}`) },
      b: { doc: newer, extensions: look(`Version ${to}`) },
      collapseUnchanged: { margin: UNCHANGED_LINES, minSize: UNCHANGED_LINES * 2 },
      gutter: true,
    });
    return () => view.destroy();
  }, [older, newer, from, to]);
  return <div ref={place} className={classes.text} />;
}
