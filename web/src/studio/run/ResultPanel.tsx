import { Alert, Anchor, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconPlayerStop } from "@tabler/icons-react";
import { inWords } from "@/shared/flow/calls";
import { countedWarnings, sumOfWarnings, warningsInWords } from "@/shared/flow/warnings";
import { duration } from "@/shared/format/time";
import { JsonTree } from "@/shared/ui/JsonTree";
import { StateBadge } from "@/shared/ui/StateBadge";
import { stoppedWords } from "@/shared/ui/outcome";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";
import type { Failure } from "@/studio/running/events";
import classes from "@/studio/run/run.module.css";
import { failedAt } from "@/studio/running/told";
import { useRun } from "@/studio/core/useRun";
import { useEditorActions } from "@/studio/state/editor";
import { PageLink } from "@/shared/ui/links";
import { executionPage } from "@/shared/executions/links";

/** How the execution that is shown ended: its outputs, or why it failed. */
export function ResultPanel() {
  const { shown, state, phase, outputs, failure, stoppedBy, seconds } = useRun((run) => run);
  if (shown === null || state === null) {
    return <div className={classes.empty}>Run the workflow to see its result.</div>;
  }
  if (phase !== "ended") return <div className={classes.empty}>Still running.</div>;
  const names = Object.keys(outputs ?? {});
  return (
    <Stack className={classes.result} gap="sm">
      <Group gap="sm">
        <StateBadge state={state} />
        <Text size="sm" c="var(--exekra-quiet)">
          Version {shown.version}
          {seconds !== null && `, ${duration(seconds)}`}
          {shown.runner !== null && `, on ${shown.runner}`}
        </Text>
        <PageLink {...executionPage(shown.id)} size="sm">
          Open the execution
        </PageLink>
      </Group>
      {state === "STOPPED" ? (
        <Alert color="gray" icon={<IconPlayerStop size={18} />} title={stoppedWords(stoppedBy, failure)} py="xs" />
      ) : (
        failure !== null && <FailureNote failure={failure} />
      )}
      <Warnings />
      {state === "COMPLETED" && names.length === 0 && <Text size="sm">No outputs</Text>}
      {names.length > 0 && <JsonTree value={outputs ?? {}} open={2} filesOf={shown.id} />}
    </Stack>
  );
}

/** The steps that wrote warnings, with the last one of each. */
function Warnings() {
  const { revealNode } = useEditorActions();
  const told = useRun((run) => run.told);
  const warned = [...told.nodes].filter(([, { warnings = 0 }]) => warnings > 0);
  if (warned.length === 0) return null;
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle size={18} />}
      title={countedWarnings(sumOfWarnings(told.nodes.values()))}
      py="xs"
    >
      {warned.map(([node, known]) => (
        <Text key={node} size="sm" style={{ overflowWrap: "anywhere" }}>
          <Anchor component="button" type="button" size="sm" onClick={() => revealNode(node)}>
            {inWords(node)}
          </Anchor>
          : {known.warning ?? warningsInWords(known)}
          {known.warning !== undefined && (known.warnings ?? 0) > 1 && ` (and ${(known.warnings ?? 0) - 1} more)`}
        </Text>
      ))}
    </Alert>
  );
}

function FailureNote({ failure }: { failure: Failure }) {
  const { revealNode } = useEditorActions();
  const node = useRun(({ told }) => failedAt(told, failure));
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} title={failure.type} py="xs">
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        <PlainMarkup text={failure.message} />
      </Text>
      {node !== null && (
        <Anchor component="button" type="button" size="sm" onClick={() => revealNode(node)}>
          Show {inWords(node)}
        </Anchor>
      )}
      {failure.workflow && (
        <Text size="sm" c="var(--exekra-quiet)">
          In the workflow {failure.workflow}
          {failure.node && `, at ${failure.node}`}.
        </Text>
      )}
    </Alert>
  );
}
