import { Button, Menu } from "@mantine/core";
import {
  IconChevronDown,
  IconPencil,
  IconPlayerSkipForward,
  IconPlayerStop,
  IconRotateClockwise,
} from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { runAgain, stopExecution } from "@/features/executions/actions";
import { EXECUTIONS, type ExecutionDetail } from "@/features/executions/queries";
import { isActive } from "@/features/executions/search";
import type { Schemas } from "@/shared/api/client";
import { useMay } from "@/shared/session/session";
import { confirmFirst } from "@/shared/ui/confirm";
import { told, toldError } from "@/shared/ui/told";
import { executionPage } from "@/shared/executions/links";

/** What can be done with an execution: stop it, run it again, open it in Studio. */
export function Actions({ execution }: { execution: ExecutionDetail }) {
  return (
    <>
      <Button
        renderRoot={(props) => (
          <Link
            to="/studio/$workflowId"
            params={{ workflowId: execution.workflow_id }}
            search={{ execution: execution.id }}
            {...props}
          />
        )}
        variant="default"
        leftSection={<IconPencil size={16} />}
      >
        Open in Studio
      </Button>
      {isActive(execution.state) ? <StopButton execution={execution} /> : <AgainButtons execution={execution} />}
    </>
  );
}

function StopButton({ execution }: { execution: ExecutionDetail }) {
  const queries = useQueryClient();
  const asked = execution.stop_requested_at !== null;
  return (
    <Button
      color="red"
      variant="light"
      leftSection={<IconPlayerStop size={16} />}
      loading={asked}
      onClick={() =>
        confirmFirst({
          title: `Stop this execution of ${execution.workflow_name}?`,
          text: "The run ends immediately. This cannot be undone.",
          label: "Stop",
          danger: true,
          action: async () => {
            await stopExecution(execution.id);
            await queries.invalidateQueries({ queryKey: EXECUTIONS });
          },
        })
      }
    >
      Stop
    </Button>
  );
}

function AgainButtons({ execution }: { execution: ExecutionDetail }) {
  const navigate = useNavigate();
  const mayRestart = useMay("DEVELOPER");
  const again = useMutation({
    mutationFn: (body: Partial<Schemas["AgainRequest"]>) => runAgain(execution.id, body),
    onSuccess: ({ id }) => {
      told("Started: this is the new execution.");
      return navigate(executionPage(id));
    },
    onError: toldError,
  });
  const from = mayRestart ? execution.restartable_from : null;
  const main = (
    <Button leftSection={<IconRotateClockwise size={16} />} loading={again.isPending} onClick={() => again.mutate({})}>
      Run again
    </Button>
  );
  if (from === null && !mayRestart) return main;
  return (
    <Button.Group>
      {main}
      <Menu position="bottom-end" width={310}>
        <Menu.Target>
          <Button px={8} aria-label="More ways to run it again">
            <IconChevronDown size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => again.mutate({ version: execution.version })}>
            Run version {execution.version}
          </Menu.Item>
          {from !== null && (
            <>
              <Menu.Item
                leftSection={<IconPlayerSkipForward size={16} />}
                onClick={() => again.mutate({ from_failed: true })}
              >
                Resume where it ended, with the live version
              </Menu.Item>
              <Menu.Item
                leftSection={<IconPlayerSkipForward size={16} />}
                onClick={() => again.mutate({ from_failed: true, version: execution.version })}
              >
                Resume where it ended, with version {execution.version}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </Button.Group>
  );
}
