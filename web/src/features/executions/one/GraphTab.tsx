import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { LiveExecution } from "@/features/executions/one/liveExecution";
import type { NodeFigures } from "@/features/executions/one/nodeBook";
import { NodeList } from "@/features/executions/one/NodeList";
import { NodePanel } from "@/features/executions/one/NodePanel";
import classes from "@/features/executions/one/one.module.css";
import { useGraphPlace } from "@/features/executions/one/useGraphPlace";
import { type ExecutionDetail, versionQuery } from "@/features/executions/queries";
import { behind, calledBy, idIn, nameOf, seenFrom } from "@/shared/flow/calls";
import { CallTrail } from "@/shared/flow/CallTrail";
import { emptyFlow, nodeOf } from "@/shared/flow/document";
import { FlowGraph } from "@/shared/flow/FlowGraph";
import { warnedBehind } from "@/shared/flow/warnings";
import { callsInto, useTrail } from "@/shared/flow/trail";
import { catalogueQuery } from "@/shared/flow/useCatalogue";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

const NO_FLOW = emptyFlow("");
const NOT_WARNED = {};

interface GraphTabProps {
  execution: ExecutionDetail;
  figures: Readonly<Record<string, NodeFigures>>;
  /** The node that made it fail, with its calls in front. */
  failed: string | null;
  live: LiveExecution;
  node: string | undefined;
  onNode: (node: string | undefined) => void;
}

/** The workflow as it ran, or one that it called: what each node did, how often, how long. A chosen node shows its values. */
export function GraphTab({ execution, figures, failed, live, node, onNode }: GraphTabProps) {
  const root = useQuery(versionQuery(execution.workflow_id, execution.version));
  const catalogue = useQuery(catalogueQuery);
  const { calls, choose, go } = useGraphPlace(node, onNode);
  const found = useTrail(root.data ?? NO_FLOW, root.data === undefined ? [] : calls, execution.assigned_at);
  const [focus, setFocus] = useState(() => node ?? failed);
  const trail = calls.length === 0 ? [] : (found.data ?? []);
  const flow = calls.length === 0 ? root.data : trail.at(-1)?.flow;
  const error = root.error ?? catalogue.error ?? found.error;
  const here = calls.length === 0 ? figures : behind(figures, calls);
  const overlay = useMemo(() => warnedBehind(figures, calls), [figures, calls]);
  const reveal = (name: string) => {
    setFocus(name);
    choose(name);
  };
  const chosen = node === undefined || flow === undefined ? undefined : nodeOf(flow, idIn(node));
  const open = (id: string) => {
    const call = flow === undefined ? null : calledBy(nodeOf(flow, id));
    if (call !== null) go(callsInto(trail, id, call));
  };
  return (
    <div className={classes.room}>
      <div className={classes.picture}>
        {calls.length > 0 && <CallTrail root={execution.workflow_name} calls={calls} trail={trail} onGo={go} />}
        <div className={classes.graph}>
          {error !== null ? (
            <ErrorPanel error={error} onRetry={() => void (root.error ? root : found).refetch()} />
          ) : flow === undefined || catalogue.data === undefined ? (
            <Skeleton height="100%" radius={0} />
          ) : (
            <FlowGraph
              key={nameOf(calls, "")}
              flow={flow}
              catalogue={catalogue.data}
              overlay={overlay}
              selected={node === undefined ? null : seenFrom(calls, node)}
              onSelect={(id) => choose(id === null ? undefined : nameOf(calls, id))}
              onOpen={open}
              focus={focus === null ? null : seenFrom(calls, focus)}
            />
          )}
        </div>
      </div>
      <aside className={classes.side} aria-label={node === undefined ? "Nodes" : `Node ${node}`}>
        {node === undefined ? (
          <NodeList figures={here} onNode={(id) => reveal(nameOf(calls, id))} />
        ) : (
          <NodePanel
            key={node}
            executionId={execution.id}
            live={live}
            node={node}
            activity={chosen?.do}
            warned={figures[node] ?? NOT_WARNED}
            onBack={() => choose(undefined)}
            onOpen={calledBy(chosen) === null ? null : () => open(idIn(node))}
          />
        )}
      </aside>
    </div>
  );
}
