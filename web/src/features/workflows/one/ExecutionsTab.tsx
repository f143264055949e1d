import { Group, SegmentedControl } from "@mantine/core";
import { IconActivity } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import type { Workflow } from "@/shared/workflows/queries";
import { EmptyState } from "@/shared/ui/EmptyState";
import { RecentExecutions } from "@/shared/ui/RecentExecutions";
import { type ExecutionState, labelOf } from "@/shared/ui/StateBadge";
import { PageLink } from "@/shared/ui/links";
import { executionsOfWorkflow } from "@/shared/executions/links";

const route = getRouteApi("/pages/workflows/$workflowId");
const STATES: readonly ExecutionState[] = ["RUNNING", "QUEUED", "FAILED", "COMPLETED", "STOPPED"];

/** What a workflow did, the newest first. */
export function ExecutionsTab({ workflow }: { workflow: Workflow }) {
  const { state, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <Group justify="space-between" mb="sm">
        <SegmentedControl
          aria-label="State"
          value={state ?? "all"}
          data={[{ value: "all", label: "All" }, ...STATES.map((one) => ({ value: one, label: labelOf(one) }))]}
          onChange={(value) =>
            void navigate({
              search: { tab: "executions", state: value === "all" ? undefined : (value as ExecutionState) },
              replace: true,
            })
          }
        />
        <PageLink {...executionsOfWorkflow(workflow.id)} size="sm">
          More filters
        </PageLink>
      </Group>
      <RecentExecutions
        of={{ workflow_id: workflow.id }}
        state={state}
        limit={50}
        cursor={cursor}
        onCursor={(next) => void navigate({ search: (old) => ({ ...old, cursor: next }) })}
        empty={
          <EmptyState
            icon={IconActivity}
            title={state === undefined ? "No runs yet" : "There are none"}
            text={
              state === undefined
                ? "Run it above, or in Studio while you draw it."
                : `No execution of it is ${labelOf(state).toLowerCase()}.`
            }
          />
        }
      />
    </>
  );
}
