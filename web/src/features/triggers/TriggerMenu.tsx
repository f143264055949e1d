import { Menu } from "@mantine/core";
import { IconBolt, IconPencil, IconPlayerPause, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { draftOf, type Trigger } from "@/features/triggers/queries";
import { api, dataOf } from "@/shared/api/client";
import { confirmFirst } from "@/shared/ui/confirm";
import { MoreMenu } from "@/shared/ui/MoreMenu";
import { told, toldError } from "@/shared/ui/told";

interface Props {
  trigger: Trigger;
  mayChange: boolean;
  onChange: () => void;
}

/** What can be done about a trigger. */
export function TriggerMenu({ trigger, mayChange, onChange }: Props) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const path = { trigger_id: trigger.id };
  const refresh = () => queries.invalidateQueries({ queryKey: ["triggers"] });
  const run = async () => {
    try {
      const { execution_id, message } = await dataOf(api.POST("/api/triggers/{trigger_id}/run", { params: { path } }));
      if (execution_id === null) told(message ?? "Nothing was started.");
      else await navigate({ href: `/executions/${execution_id}` });
    } catch (error) {
      toldError(error);
    }
    await refresh();
  };
  const setEnabled = async (enabled: boolean) => {
    try {
      // As it is now: somebody else may have changed it since the list was read.
      const now = await dataOf(api.GET("/api/triggers/{trigger_id}", { params: { path } }));
      await api.PUT("/api/triggers/{trigger_id}", { params: { path }, body: { ...draftOf(now), enabled } });
      told(enabled ? `${trigger.name} is on.` : `${trigger.name} is off.`);
    } catch (error) {
      toldError(error);
    }
    await refresh();
  };
  const askToRemove = () =>
    confirmFirst({
      title: `Delete ${trigger.name}?`,
      text: "Its history goes with it. The executions that it started stay.",
      label: "Delete the trigger",
      danger: true,
      action: async () => {
        await api.DELETE("/api/triggers/{trigger_id}", { params: { path } });
        told(`${trigger.name} was deleted.`);
        await refresh();
      },
    });
  return (
    <MoreMenu label={`Actions for ${trigger.name}`}>
      <Menu.Item leftSection={<IconBolt size={16} />} onClick={() => void run()}>
        Run once now
      </Menu.Item>
      {mayChange && (
        <>
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={onChange}>
            Edit…
          </Menu.Item>
          <Menu.Item
            leftSection={trigger.enabled ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
            onClick={() => void setEnabled(!trigger.enabled)}
          >
            {trigger.enabled ? "Switch off" : "Switch on"}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={askToRemove}>
            Delete…
          </Menu.Item>
        </>
      )}
    </MoreMenu>
  );
}
