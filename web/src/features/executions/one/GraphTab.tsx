import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { LiveExecution } from "@/features/executions/one/liveExecution";
import { type NodeFigures, outermost } from "@/features/executions/one/nodeBook";
import { NodeList } from "@/features/executions/one/NodeList";
import { NodePanel } from "@/features/executions/one/NodePanel";
import classes from "@/features/executions/one/one.module.css";
import { type ExecutionDetail, versionQuery } from "@/features/executions/queries";
import { FlowGraph } from "@/shared/flow/FlowGraph";
import { catalogueQuery } from "@/shared/flow/useCatalogue";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

/** The workflow as it ran: what each node did, how often, how long. A chosen node shows its values. */
export function GraphTab({
  execution,
  figures,
  live,
  node,
  onNode,
}: {
  execution: ExecutionDetail;
  figures: Readonly<Record<string, NodeFigures>>;
  live: LiveExecution;
  node: string | undefined;
  onNode: (node: string | undefined) => void;
}) {
  const flow = useQuery(versionQuery(execution.workflow_id, execution.version));
  const catalogue = useQuery(catalogueQuery);
  const [focus, setFocus] = useState(() => node ?? execution.failure?.node ?? null);
  const error = flow.error ?? catalogue.error;
  const reveal = (id: string) => {
    setFocus(id);
    onNode(id);
  };
  return (
    <div className={classes.room}>
      <div className={classes.graph}>
        {error !== null ? (
          <ErrorPanel error={error} onRetry={() => void flow.refetch()} />
        ) : flow.data === undefined || catalogue.data === undefined ? (
          <Skeleton height="100%" radius={0} />
        ) : (
          <FlowGraph
            flow={flow.data}
            catalogue={catalogue.data}
            overlay={figures}
            selected={node === undefined ? null : outermost(node)}
            onSelect={(id) => onNode(id ?? undefined)}
            focus={focus === null ? null : outermost(focus)}
          />
        )}
      </div>
      <aside className={classes.side} aria-label={node === undefined ? "Nodes" : `Node ${node}`}>
        {node === undefined ? (
          <NodeList figures={figures} onNode={reveal} />
        ) : (
          <NodePanel
            key={node}
            executionId={execution.id}
            live={live}
            node={node}
            activity={flow.data?.nodes[node]?.do}
            onBack={() => onNode(undefined)}
          />
        )}
      </aside>
    </div>
  );
}
