import { Button, Group, Menu, Modal, Text } from "@mantine/core";
import { IconKey, IconPencil, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Labels } from "@/features/runners/Labels";
import { ChangeRunnerForm } from "@/features/runners/one/ChangeRunnerForm";
import type { Runner } from "@/features/runners/one/queries";
import { Connect } from "@/features/runners/register/Connect";
import { RunnerStateBadge, typeLabel } from "@/features/runners/RunnerStateBadge";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { useMay } from "@/shared/session/session";
import { Ago } from "@/shared/ui/Ago";
import { confirmFirst } from "@/shared/ui/confirm";
import { MoreMenu } from "@/shared/ui/MoreMenu";
import { PageHeader } from "@/shared/ui/PageHeader";
import { useShortcuts } from "@/shared/ui/shortcuts";
import { told } from "@/shared/ui/told";
import { RUNNERS } from "@/shared/runners/queries";

/** A Runner's name and state, and what an administrator can do about it. */
export function RunnerHeader({ runner }: { runner: Runner }) {
  const mayChange = useMay("ADMIN");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [changing, setChanging] = useState(false);
  const [secret, setSecret] = useState<Schemas["RegisteredRunner"] | null>(null);
  const path = { runner_id: runner.id };
  useShortcuts(
    "Runner",
    mayChange ? [{ keys: "e", label: "Change name, type and labels", run: () => setChanging(true) }] : [],
  );
  const askToRegenerate = () =>
    confirmFirst({
      title: `Regenerate the secret of ${runner.name}?`,
      text: "The old secret stops working immediately, and the connection is closed. The Runner needs the new one to connect again.",
      label: "Regenerate",
      danger: true,
      action: async () => {
        setSecret(await dataOf(api.POST("/api/runners/{runner_id}/secret", { params: { path } })));
        await queries.invalidateQueries({ queryKey: RUNNERS });
      },
    });
  const askToRemove = () =>
    confirmFirst({
      title: `Remove ${runner.name}?`,
      text: "Its connection is closed and its secret stops working. Its executions are kept. It cannot be removed while it holds an execution.",
      label: "Remove the Runner",
      danger: true,
      action: async () => {
        await api.DELETE("/api/runners/{runner_id}", { params: { path } });
        told(`${runner.name} was removed.`);
        await navigate({ to: "/runners" });
        await queries.invalidateQueries({ queryKey: RUNNERS });
      },
    });
  return (
    <>
      <PageHeader
        parent={{ to: "/runners", label: "Runners" }}
        tab={runner.name}
        title={
          <Text inherit truncate maw="min(60vw, 900px)" title={runner.name}>
            {runner.name}
          </Text>
        }
        subtitle={
          <Group gap={8} mt={4}>
            <RunnerStateBadge state={runner.state} />
            <Text size="sm">{typeLabel(runner.type)}</Text>
            <Labels labels={runner.labels} all />
            {runner.state === "OFFLINE" && (
              <Text size="sm">
                {runner.last_heartbeat_at === null ? (
                  "never connected"
                ) : (
                  <>
                    last heard of <Ago at={runner.lost_at ?? runner.last_heartbeat_at} />
                  </>
                )}
              </Text>
            )}
          </Group>
        }
        actions={
          mayChange && (
            <>
              <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => setChanging(true)}>
                Change
              </Button>
              <MoreMenu label="More actions">
                <Menu.Item leftSection={<IconKey size={16} />} onClick={askToRegenerate}>
                  Regenerate the secret…
                </Menu.Item>
                <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={askToRemove}>
                  Remove…
                </Menu.Item>
              </MoreMenu>
            </>
          )
        }
      />
      <Modal opened={changing} onClose={() => setChanging(false)} title="Change a Runner">
        <ChangeRunnerForm runner={runner} onDone={() => setChanging(false)} />
      </Modal>
      <Modal
        opened={secret !== null}
        onClose={() => setSecret(null)}
        size="xl"
        title={`Connect ${runner.name}`}
        closeOnClickOutside={false}
      >
        {secret && <Connect runner={secret} onClose={() => setSecret(null)} />}
      </Modal>
    </>
  );
}
