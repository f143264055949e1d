import "@/shared/code/code.module.css";
import { yaml } from "@codemirror/lang-yaml";
import { MergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { Skeleton } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { exportAddress } from "@/features/workflows/actions";
import { fileAddress } from "@/features/workflows/files";
import classes from "@/features/workflows/compare/compare.module.css";
import { workflowKey } from "@/shared/workflows/queries";
import { refusalOf } from "@/shared/api/client";
import type { ChangedFile } from "@/shared/changes/changes";
import { editorLooks } from "@/shared/code/editorLooks";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

const UNCHANGED_LINES = 4;
/** What is compared of a file; nobody reads more, and it would hold the page up. */
const MOST_BYTES = 500_000;

interface Props {
  id: string;
  from: number;
  to: number;
  /** The file whose texts are compared; null for those of the workflow. */
  file: string | null;
  /** What became of that file. */
  change: ChangedFile["change"] | null;
}

/** The texts of two versions beside one another; what is the same in both is folded. */
export function TextDiff({ id, from, to, file, change }: Props) {
  const [older, newer] = useQueries({
    queries: [
      file === null ? textQuery(id, from) : fileQuery(id, from, change === "added" ? null : file),
      file === null ? textQuery(id, to) : fileQuery(id, to, change === "removed" ? null : file),
    ],
  });
  const error = older.error ?? newer.error;
  if (error) return <ErrorPanel error={error} />;
  if (older.data === undefined || newer.data === undefined) return <Skeleton height="100%" radius={0} />;
  return <Merged key={file} older={older.data} newer={newer.data} from={from} to={to} yaml={file === null} />;
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

/** The text of a file of a version, as far as a person would read it; empty where the version has none. */
function fileQuery(id: string, number: number, path: string | null) {
  return {
    queryKey: [...workflowKey(id), "file text", number, path],
    staleTime: 60_000,
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      if (path === null) return "";
      const headers = { Range: `bytes=0-${MOST_BYTES - 1}` };
      const response = await fetch(fileAddress(id, number, path), { signal, headers });
      if (response.status === 416) return ""; // It has no bytes.
      if (!response.ok) throw await refusalOf(response);
      return response.text();
    },
  };
}

interface Texts {
  older: string;
  newer: string;
  from: number;
  to: number;
  yaml: boolean;
}

function Merged({ older, newer, from, to, yaml: isYaml }: Texts) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return undefined;
    const look = (name: string) => [
      ...editorLooks,
      ...(isYaml ? [yaml()] : []),
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
  }, [older, newer, from, to, isYaml]);
  return <div ref={place} className={classes.text} />;
}
