import { Menu } from "@mantine/core";
import { IconBook2, IconDeviceDesktop, IconLogout, IconMoon, IconSun, IconUserCircle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useUser } from "@/shared/session/session";
import { useSignOut } from "@/shared/session/useSignOut";
import { useTheme } from "@/shared/session/useTheme";

const THEMES = [
  { value: "light", label: "Light", icon: IconSun },
  { value: "dark", label: "Dark", icon: IconMoon },
  { value: "auto", label: "System", icon: IconDeviceDesktop },
] as const;

interface Props {
  opened: boolean;
  onChange: (opened: boolean) => void;
  /** What the menu hangs on. */
  button: ReactNode;
}

/** The account, the theme, and the way out. */
export function AccountMenu({ opened, onChange, button }: Props) {
  const user = useUser();
  const signOut = useSignOut();
  const [theme, setTheme] = useTheme();
  return (
    <Menu position="top-start" width={206} withinPortal opened={opened} onChange={onChange}>
      <Menu.Target>{button}</Menu.Target>
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
