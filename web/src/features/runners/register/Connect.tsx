import { Alert, Button, Group, Loader, Stack, Tabs, Text } from "@mantine/core";
import { IconCircleCheck, IconKey } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { commandsFor, likelySystem, type System, SYSTEMS } from "@/features/runners/register/commands";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { CopyLine } from "@/shared/ui/CopyLine";
import { ButtonLink } from "@/shared/ui/links";
import { runnerPage } from "@/shared/runners/links";
import { RUNNERS } from "@/shared/runners/queries";

const LOOK_MILLISECONDS = 1_500;

/** What a Runner needs to connect: key, secret and the commands; and whether it has. */
export function Connect({ runner, onClose }: { runner: Schemas["RegisteredRunner"]; onClose: () => void }) {
  const [system, setSystem] = useState<System>(() => likelySystem(navigator.platform));
  return (
    <Stack>
      <Alert color="yellow" icon={<IconKey size={18} />} title="The secret is shown only now.">
        The Hub keeps only a hash of it. If it is lost, regenerate it on the Runner's page.
      </Alert>
      <CopyLine label="Machine Key" value={runner.machine_key} />
      <CopyLine label="Machine Secret" value={runner.machine_secret} wrap />
      <div>
        <Text size="sm" mb="xs">
          Paste these commands on the Runner's machine, which needs Python 3.11 or newer. The last one asks for the
          secret, and keeps it in the system's keyring.
        </Text>
        <Tabs value={system} onChange={(value) => setSystem((value ?? "linux") as System)}>
          <Tabs.List mb="xs">
            {SYSTEMS.map((one) => (
              <Tabs.Tab key={one.system} value={one.system}>
                {one.label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {SYSTEMS.map((one) => (
            <Tabs.Panel key={one.system} value={one.system}>
              <CopyLine
                label={one.system === "windows" ? "PowerShell" : "Terminal"}
                value={commandsFor(one.system, runner.command)}
              />
            </Tabs.Panel>
          ))}
        </Tabs>
      </div>
      <CopyLine label="Start the Runner" value={runner.start_command} />
      <Connection runner={runner} onClose={onClose} />
    </Stack>
  );
}

function Connection({ runner, onClose }: { runner: Schemas["RegisteredRunner"]; onClose: () => void }) {
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: [...RUNNERS, "connecting", runner.id, runner.updated_at],
    queryFn: () => dataOf(api.GET("/api/runners/{runner_id}", { params: { path: { runner_id: runner.id } } })),
    refetchInterval: (query) => (isThere(query.state.data) ? false : LOOK_MILLISECONDS),
  });
  const connected = isThere(data);
  useEffect(() => {
    if (connected) void queries.invalidateQueries({ queryKey: RUNNERS });
  }, [connected, queries]);
  return (
    <Group justify="space-between" role="status">
      {connected ? (
        <Group gap="xs">
          <IconCircleCheck size={20} color="var(--mantine-color-teal-filled)" aria-hidden />
          <Text size="sm" fw={550}>
            Connected{data?.host ? ` from ${data.host}` : ""}.
          </Text>
        </Group>
      ) : (
        <Group gap="xs">
          <Loader size={16} aria-hidden />
          <Text size="sm">Waiting until {runner.name} connects…</Text>
        </Group>
      )}
      <Group gap="xs">
        {connected && (
          <ButtonLink variant="default" {...runnerPage(runner.id)} onClick={onClose}>
            Open the Runner
          </ButtonLink>
        )}
        <Button variant={connected ? "filled" : "default"} onClick={onClose}>
          {connected ? "Done" : "Close"}
        </Button>
      </Group>
    </Group>
  );
}

function isThere(runner: Schemas["RunnerDetail"] | undefined): boolean {
  return runner !== undefined && runner.state !== "OFFLINE";
}
