import { Menu } from "@mantine/core";
import { IconKey, IconPencil, IconTrash, IconUserCheck, IconUserOff } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { User } from "@/shared/session/session";
import { confirmFirst } from "@/shared/ui/confirm";
import { MoreMenu } from "@/shared/ui/MoreMenu";
import { told } from "@/shared/ui/told";

interface Props {
  user: User;
  isMe: boolean;
  onOpen: (dialog: "change" | "password") => void;
}

/** What an administrator can do about a user. */
export function UserMenu({ user, isMe, onOpen }: Props) {
  const queries = useQueryClient();
  const path = { user_id: user.id };
  const refresh = () => queries.invalidateQueries({ queryKey: ["users"] });
  const setActive = async (active: boolean) => {
    await api.PATCH("/api/users/{user_id}", { params: { path }, body: { active } });
    told(active ? `${user.name} may sign in again.` : `${user.name} may not sign in any more.`);
    await refresh();
  };
  const remove = async () => {
    await api.DELETE("/api/users/{user_id}", { params: { path } });
    told(`${user.name} was deleted.`);
    await refresh();
  };
  const askToDeactivate = () =>
    confirmFirst({
      title: `Deactivate ${user.name}?`,
      text: "Their sessions end immediately and they cannot sign in. What they created is kept, with their name.",
      label: "Deactivate",
      danger: true,
      action: () => setActive(false),
    });
  const askToActivate = () =>
    confirmFirst({
      title: `Activate ${user.name}?`,
      text: "They can sign in again with their old password.",
      label: "Activate",
      action: () => setActive(true),
    });
  const askToDelete = () =>
    confirmFirst({
      title: `Delete ${user.name}?`,
      text: "What they created is kept, without their name. To keep the name, deactivate the user instead.",
      label: "Delete the user",
      danger: true,
      action: remove,
    });
  return (
    <MoreMenu label={`Actions for ${user.name}`}>
      <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => onOpen("change")}>
        Name and role…
      </Menu.Item>
      <Menu.Item leftSection={<IconKey size={16} />} onClick={() => onOpen("password")}>
        New password…
      </Menu.Item>
      {!isMe && (
        <>
          <Menu.Divider />
          {user.active ? (
            <Menu.Item leftSection={<IconUserOff size={16} />} onClick={askToDeactivate}>
              Deactivate…
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<IconUserCheck size={16} />} onClick={askToActivate}>
              Activate…
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={askToDelete}>
            Delete…
          </Menu.Item>
        </>
      )}
    </MoreMenu>
  );
}
