import { Modal, NavLink, Stack, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { administration, destinations } from "@/app/navigation";
import { includesRole, useUser } from "@/shared/session/session";

/** The command palette: every page. */
export function Palette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const user = useUser();
  const [text, setText] = useState("");
  const found = [...destinations, ...administration].filter(
    (item) => (!item.role || includesRole(user, item.role)) && item.label.toLowerCase().includes(text.toLowerCase()),
  );
  return (
    <Modal opened={opened} onClose={onClose} title="Go to">
      <Stack gap="xs">
        <TextInput
          aria-label="Search"
          leftSection={<IconSearch size={16} />}
          data-autofocus
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {found.map((item) => (
          <NavLink key={item.to} component={Link} to={item.to} label={item.label} onClick={onClose} />
        ))}
      </Stack>
    </Modal>
  );
}
