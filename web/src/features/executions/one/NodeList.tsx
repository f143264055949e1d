import { Text, Title, UnstyledButton } from "@mantine/core";
import type { NodeFigures } from "@/features/executions/one/nodeBook";
import { NodeState } from "@/features/executions/one/NodeState";
import classes from "@/features/executions/one/one.module.css";
import { inWords } from "@/shared/flow/calls";
import { WarningMark } from "@/shared/flow/WarningMark";
import { warningsInWords } from "@/shared/flow/warnings";
import { duration } from "@/shared/format/time";

/** The nodes that ran, those that took longest first. */
export function NodeList({
  figures,
  onNode,
}: {
  figures: Readonly<Record<string, NodeFigures>>;
  onNode: (node: string) => void;
}) {
  const nodes = Object.entries(figures).sort(([, a], [, b]) => b.seconds - a.seconds);
  const longest = nodes[0]?.[1].seconds ?? 0;
  return (
    <>
      <div className={classes.sideHead}>
        <Title order={2} size="sm">
          Nodes by time
        </Title>
        <span className={classes.quiet}>{nodes.length === 1 ? "1 node" : `${nodes.length} nodes`}</span>
      </div>
      {nodes.length === 0 && (
        <Text className={classes.sideBody} size="sm" c="var(--exekra-quiet)">
          No steps have run.
        </Text>
      )}
      {nodes.map(([id, node]) => (
        <UnstyledButton
          key={id}
          className={classes.node}
          onClick={() => onNode(id)}
          title={node.note ?? (warningsInWords(node) || id)}
        >
          <NodeState state={node.state} />
          <span className={classes.truncated}>{inWords(id)}</span>
          <WarningMark warned={node} />
          <span className={classes.quiet}>{node.count > 1 && `${node.count.toLocaleString()} ×`}</span>
          <span>{duration(node.seconds)}</span>
          <span className={classes.share} style={{ width: `${longest === 0 ? 0 : (node.seconds / longest) * 100}%` }} />
        </UnstyledButton>
      ))}
    </>
  );
}
