import { Group, Skeleton, Switch } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import classes from "@/features/workflows/compare/compare.module.css";
import { mergeDocuments } from "@/features/workflows/compare/merged";
import { LazyVersionGraph } from "@/features/workflows/LazyVersionGraph";
import { versionQuery } from "@/shared/workflows/queries";
import type { Schemas } from "@/shared/api/client";
import type { Mark } from "@/shared/flow/runState";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

interface Props {
  id: string;
  from: number;
  to: number;
  /** Undefined while it is on its way. */
  diff: Schemas["DiffAnswer"] | undefined;
  selected: string | null;
  onSelect: (node: string | null) => void;
}

/** Both versions as one picture with marks, or side by side. */
export function PictureDiff({ id, from, to, diff, selected, onSelect }: Props) {
  const [older, newer] = useQueries({ queries: [versionQuery(id, from), versionQuery(id, to)] });
  const [apart, setApart] = useState(false);
  const merged = useMemo(() => {
    if (older.data === undefined || newer.data === undefined || diff === undefined) return null;
    return mergeDocuments(older.data.document, newer.data.document, diff.changes);
  }, [older.data, newer.data, diff]);
  const error = older.error ?? newer.error;
  if (error) return <ErrorPanel error={error} />;
  if (merged === null || diff === undefined)
    return <Skeleton height="100%" radius={0} role="status" aria-label="Comparing" />;
  const marksOf = (wanted: readonly Mark[]) =>
    Object.fromEntries(Object.entries(merged.marks).filter(([, mark]) => wanted.includes(mark)));
  const wasOf = (node: string | null) => diff.changes.nodes.find((part) => part.id === node)?.was ?? node;
  return (
    <>
      <Group className={classes.apart}>
        <Switch
          size="xs"
          label="Side by side"
          checked={apart}
          onChange={(event) => setApart(event.currentTarget.checked)}
        />
      </Group>
      {apart ? (
        <div className={classes.sides}>
          <Side name={`Version ${from}`}>
            <LazyVersionGraph
              document={older.data?.document}
              marks={marksOf(["removed", "changed"])}
              selected={present(wasOf(selected), older.data?.document)}
              onSelect={onSelect}
            />
          </Side>
          <Side name={`Version ${to}`}>
            <LazyVersionGraph
              document={newer.data?.document}
              marks={marksOf(["added", "changed"])}
              selected={present(selected, newer.data?.document)}
              onSelect={onSelect}
            />
          </Side>
        </div>
      ) : (
        <LazyVersionGraph
          document={merged.document}
          marks={merged.marks}
          selected={present(selected, merged.document)}
          onSelect={onSelect}
        />
      )}
    </>
  );
}

function Side({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className={classes.side}>
      <div className={classes.sideName}>{name}</div>
      <div className={classes.sideBody}>{children}</div>
    </div>
  );
}

/** The node where it is in the document; nothing is brought into view for one that is not. */
function present(node: string | null, document: Readonly<Record<string, unknown>> | undefined): string | null {
  if (node === null || document === undefined) return null;
  return Object.hasOwn((document.nodes ?? {}) as object, node) ? node : null;
}
