import {
  IconActivity,
  IconBinaryTree2,
  IconClockPlay,
  IconDatabase,
  IconHeartbeat,
  IconHistory,
  IconLayoutDashboard,
  IconServer2,
  IconUsers,
  type Icon,
} from "@tabler/icons-react";
import type { Role } from "@/shared/session/session";

/** One line of the navigation, which the palette offers too. */
export interface Destination {
  to: string;
  label: string;
  icon: Icon;
  role?: Role;
}

export const destinations: readonly Destination[] = [
  { to: "/", label: "Dashboard", icon: IconLayoutDashboard },
  { to: "/workflows", label: "Workflows", icon: IconBinaryTree2 },
  { to: "/executions", label: "Executions", icon: IconActivity },
  { to: "/triggers", label: "Triggers", icon: IconClockPlay },
  { to: "/runners", label: "Runners", icon: IconServer2 },
];

export const administration: readonly Destination[] = [
  { to: "/users", label: "Users", icon: IconUsers, role: "ADMIN" },
  { to: "/audit", label: "Audit log", icon: IconHistory, role: "ADMIN" },
  { to: "/storage", label: "Storage", icon: IconDatabase, role: "ADMIN" },
  { to: "/system", label: "System health", icon: IconHeartbeat, role: "ADMIN" },
];
