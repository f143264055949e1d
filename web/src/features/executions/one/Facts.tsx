import { Anchor } from "@mantine/core";
import {
  IconAlertTriangle,
  IconBug,
  IconClock,
  IconHash,
  IconPlayerSkipForward,
  IconServer2,
  IconUser,
  IconVersions,
  type Icon,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import classes from "@/features/executions/one/one.module.css";
import type { ExecutionDetail } from "@/features/executions/queries";
import { countedWarnings } from "@/shared/flow/warnings";
import { Ago } from "@/shared/ui/Ago";
import { Elapsed } from "@/shared/ui/Elapsed";
import { workflowPage } from "@/shared/workflows/links";
import { runnerPage } from "@/shared/runners/links";
import { executionPage } from "@/shared/executions/links";

/** What is known of an execution in one line: which version, where, when, how long, who. */
export function Facts({
  execution,
  warnings,
  onWarnings,
}: {
  execution: ExecutionDetail;
  /** How many warnings its nodes wrote. */
  warnings: number;
  onWarnings: () => void;
}) {
  const { runner_id, runner_name, started_at, finished_at, created_at, started_from } = execution;
  return (
    <div className={classes.facts}>
      <Fact icon={IconVersions} label="Version">
        <Link {...workflowPage(execution.workflow_id)}>Version {execution.version}</Link>
      </Fact>
      {runner_id !== null && (
        <Fact icon={IconServer2} label="Runner">
          <Link {...runnerPage(runner_id)}>{runner_name ?? "a removed Runner"}</Link>
        </Fact>
      )}
      <Fact icon={IconClock} label="Time">
        {started_at === null ? (
          <>
            queued <Ago at={created_at} />
          </>
        ) : (
          <>
            started <Ago at={started_at} />, {finished_at === null ? "for" : "took"}{" "}
            <Elapsed since={finished_at === null ? started_at : null} seconds={execution.seconds} />
          </>
        )}
      </Fact>
      <Fact icon={IconUser} label="Started by">
        {execution.created_by_name ?? execution.source}
      </Fact>
      {warnings > 0 && (
        <Fact icon={IconAlertTriangle} label="Warnings">
          <Anchor component="button" type="button" inherit onClick={onWarnings}>
            {countedWarnings(warnings)}
          </Anchor>
        </Fact>
      )}
      {execution.unique_key !== null && (
        <Fact icon={IconHash} label="Unique key">
          {execution.unique_key}
        </Fact>
      )}
      {execution.debug && (
        <Fact icon={IconBug} label="Kind">
          debug session
        </Fact>
      )}
      {started_from && (
        <Fact icon={IconPlayerSkipForward} label="Began">
          began at {started_from.node}{" "}
          {started_from.execution_id !== null && (
            <Link {...executionPage(started_from.execution_id)}>with the values of another execution</Link>
          )}
        </Fact>
      )}
      {execution.stop_requested_at !== null && finished_at === null && <span>Stopping</span>}
    </div>
  );
}

function Fact({ icon: Picture, label, children }: { icon: Icon; label: string; children: ReactNode }) {
  return (
    <span className={classes.fact} title={label}>
      <Picture size={14} aria-label={label} />
      <span>{children}</span>
    </span>
  );
}
