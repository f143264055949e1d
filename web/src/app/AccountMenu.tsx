import { Avatar, Menu, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconBook2, IconDeviceDesktop, IconLogout, IconMoon, IconSun, IconUserCircle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import classes from "@/app/AccountMenu.module.css";
import { useUser } from "@/shared/session/session";
import { useSignOut } from "@/shared/session/useSignOut";
import { useTheme } from "@/shared/session/useTheme";

const THEMES = [
  { value: "light", label: "Light", icon: IconSun },
  { value: "dark", label: "Dark", icon: IconMoon },
  { value: "auto", label: "As the system", icon: IconDeviceDesktop },
] as const;

/** Who is signed in, the theme, and the way out. */
export function AccountMenu({ narrow }: { narrow: boolean }) {
  const user = useUser();
  const signOut = useSignOut();
  const [theme, setTheme] = useTheme();
  return (
    <Menu position="top-start" width={220} withinPortal>
      <Menu.Target>
        <UnstyledButton className={classes.button}>
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
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconUserCircle size={16} />}>
          Account
        </Menu.Item>
        <Menu.Item component="a" href="/api/docs" target="_blank" leftSection={<IconBook2 size={16} />}>
          API
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Theme</Menu.Label>
        {THEMES.map(({ value, label, icon: Picture }) => (
          <Menu.Item
            key={value}
            role="menuitemradio"
            aria-checked={theme === value}
            leftSection={<Picture size={16} />}
            rightSection={theme === value ? "✓" : null}
            onClick={() => setTheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
