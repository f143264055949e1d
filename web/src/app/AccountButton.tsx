import { Avatar, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import classes from "@/app/AccountButton.module.css";
import { useUser } from "@/shared/session/session";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { lazyPart } from "@/shared/ui/lazyPart";

const AccountMenu = lazyPart(() => import("@/app/AccountMenu"), "AccountMenu");

/** Who is signed in. Its menu is fetched when it is first wanted. */
export function AccountButton({ narrow }: { narrow: boolean }) {
  const user = useUser();
  const [wanted, setWanted] = useState(false);
  const [opened, setOpened] = useState(false);
  const open = () => {
    setWanted(true);
    setOpened(true);
  };
  const preload = () => void AccountMenu.preload();
  const button = (
    <UnstyledButton
      className={classes.button}
      aria-haspopup="menu"
      {...(!wanted && { onClick: open, onPointerEnter: preload, onFocus: preload })}
    >
      {narrow && <VisuallyHidden>Account of {user.name}</VisuallyHidden>}
      <Avatar size={28} color="cobalt" variant="filled" name={user.name} aria-hidden />
      {!narrow && (
        <span className={classes.name}>
          <Text size="sm" fw={550} truncate>
            {user.name}
          </Text>
          <Text size="xs" c="var(--exekra-quiet)" truncate>
            {user.role.charAt(0) + user.role.slice(1).toLowerCase()}
          </Text>
        </span>
      )}
    </UnstyledButton>
  );
  if (!wanted) return button;
  return (
    <ErrorBoundary what="The menu" waiting={button} onClose={() => setWanted(false)}>
      <AccountMenu opened={opened} onChange={setOpened} button={button} />
    </ErrorBoundary>
  );
}
