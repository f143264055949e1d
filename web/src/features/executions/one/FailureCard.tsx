import { Alert, Anchor, Group, Text } from "@mantine/core";
import { IconCircleX, IconPlayerStop } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { inWords } from "@/shared/flow/calls";
import type { ExecutionDetail } from "@/features/executions/queries";
import { outcomeOf } from "@/shared/ui/outcome";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";

type Failure = NonNullable<ExecutionDetail["failure"]>;

/** The type of the Hub's failure of an execution that no Runner took. */
const NO_RUNNER = "NoRunner";

/** The type of the failure of a debug session that nobody watched any more. */
const DEBUGGER_GONE = "DebuggerGoneError";

/** Why an execution failed or was stopped, where, and what to do. */
export function FailureCard({
  execution,
  node,
  onNode,
}: {
  execution: ExecutionDetail;
  /** The node that made it fail, with its calls in front; null where it is not known. */
  node: string | null;
  onNode: (node: string) => void;
}) {
  const { failure, restartable_from } = execution;
  const isStopped = execution.state === "STOPPED";
  if (failure === null && !isStopped) return null;
  return (
    <Alert
      color={isStopped ? "gray" : "red"}
      icon={isStopped ? <IconPlayerStop size={18} /> : <IconCircleX size={18} />}
      title={<PlainMarkup text={outcomeOf(execution)} />}
      styles={{ title: { whiteSpace: "pre-wrap", overflowWrap: "anywhere" } }}
    >
      <Text size="sm">
        {isStopped || failure === null ? onceStopped(failure, restartable_from) : whatToDo(failure, restartable_from)}
      </Text>
      <Group gap="md" mt={4}>
        {node !== null && (
          <Anchor component="button" type="button" size="sm" onClick={() => onNode(node)}>
            Show the node {inWords(node)}
          </Anchor>
        )}
        {failure?.type === NO_RUNNER && (
          <Anchor renderRoot={(props) => <Link to="/runners" {...props} />} size="sm">
            See Runners
          </Anchor>
        )}
        <Anchor
          renderRoot={(props) => (
            <Link
              to="/studio/$workflowId"
              params={{ workflowId: execution.workflow_id }}
              search={{ execution: execution.id }}
              {...props}
            />
          )}
          size="sm"
        >
          Open in Studio
        </Anchor>
        {failure !== null && !isStopped && (
          <Text size="xs" c="var(--exekra-quiet)">
            {failure.type}
            {failure.workflow ? `, in the called workflow ${failure.workflow}` : ""}
          </Text>
        )}
      </Group>
    </Alert>
  );
}

function onceStopped(failure: Failure | null, restartable: string | null): string {
  if (failure?.type === DEBUGGER_GONE) return "A debug session ends once no page shows it.";
  return `To continue, ${again(restartable)}.`;
}

function again(restartable: string | null): string {
  return restartable === null ? "run it again" : `run it again from ${restartable}, with the values it had`;
}

function whatToDo({ type, kind, retryable }: Failure, restartable: string | null): string {
  const from = again(restartable);
  if (type === NO_RUNNER) return `Connect a Runner that can take it, then ${from}.`;
  if (kind === "business") return `The data is not what the workflow expects. Correct it, then ${from}.`;
  if (retryable) return `This may be temporary: wait a moment, then ${from}.`;
  return `Fix the cause, then ${from}.`;
}
