import {
  IconActivity,
  IconBinaryTree2,
  IconBook2,
  IconDeviceDesktop,
  IconFileImport,
  IconHistory,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconPlus,
  IconServer2,
  IconSun,
  IconUser,
  IconUserCircle,
  type Icon,
} from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type RegisteredRouter, useRouter } from "@tanstack/react-router";
import { administration, destinations } from "@/app/navigation";
import { type Entry, found, grouped, rank } from "@/app/palette/entries";
import { type Recent, readRecents } from "@/app/palette/recents";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { ago } from "@/shared/format/time";
import { includesRole, useUser, type User } from "@/shared/session/session";
import { useSignOut } from "@/shared/session/useSignOut";
import { useTheme } from "@/shared/session/useTheme";
import { type ExecutionState, labelOf } from "@/shared/ui/StateBadge";
import { workflowPage } from "@/shared/workflows/links";
import { executionPage } from "@/shared/executions/links";
import { runnerPage } from "@/shared/runners/links";

const ICONS: Record<Recent["kind"], Icon> = {
  workflow: IconBinaryTree2,
  execution: IconActivity,
  runner: IconServer2,
  user: IconUser,
};

/** What the palette offers for what was typed; `searched` is the same text after a pause of the typing. */
export function usePaletteEntries(typed: string, searched: string, onHelp: () => void): Entry[] {
  const router = useRouter();
  const user = useUser();
  const actions = useActions(user, onHelp);
  const search = useQuery({
    queryKey: ["search", searched],
    queryFn: ({ signal }) => dataOf(api.GET("/api/search", { params: { query: { q: searched } }, signal })),
    enabled: searched !== "",
    placeholderData: keepPreviousData,
    retry: false,
  });
  const pages = pagesFor(user);
  if (typed === "") return [...recentEntries(user), ...pages, ...actions];
  const results = searched === "" ? undefined : search.data;
  const fitting = found(typed, [...pages, ...actions]);
  const byName = fitting.filter(({ label }) => rank(typed, label) > 0);
  // What only means the same comes last: whoever types a workflow's name wants the workflow.
  return grouped([...byName, ...resultEntries(results, router), ...fitting.filter((entry) => !byName.includes(entry))]);
}

function pagesFor(user: User): Entry[] {
  return [
    ...[...destinations, ...administration].filter((one) => !one.role || includesRole(user, one.role)),
    { to: "/account", label: "Account", icon: IconUserCircle },
  ].map(({ to, label, icon }) => ({ id: `page${to}`, group: "Go to", label, icon, href: to }));
}

function useActions(user: User, onHelp: () => void): Entry[] {
  const signOut = useSignOut();
  const [, setTheme] = useTheme();
  const group = "Do";
  const draws: Entry[] = [
    {
      id: "new-workflow",
      group,
      label: "New workflow",
      icon: IconPlus,
      href: "/workflows?create=true",
      words: "draw make create",
    },
    {
      id: "import",
      group,
      label: "Import a workflow",
      icon: IconFileImport,
      href: "/workflows?create=true",
      words: "upload yaml file",
    },
  ];
  const administers: Entry[] = [
    {
      id: "register",
      group,
      label: "Register a Runner",
      icon: IconServer2,
      href: "/runners?register=true",
      words: "new machine agent",
    },
    {
      id: "add-user",
      group,
      label: "Add a user",
      icon: IconUser,
      href: "/users?create=true",
      words: "new person invite",
    },
  ];
  return [
    ...(includesRole(user, "DEVELOPER") ? draws : []),
    ...(includesRole(user, "ADMIN") ? administers : []),
    { id: "light", group, label: "Theme: light", icon: IconSun, run: () => setTheme("light"), words: "bright colour" },
    { id: "dark", group, label: "Theme: dark", icon: IconMoon, run: () => setTheme("dark"), words: "night colour" },
    { id: "auto", group, label: "Theme: system", icon: IconDeviceDesktop, run: () => setTheme("auto") },
    { id: "keys", group, label: "Keyboard shortcuts", icon: IconKeyboard, run: onHelp, words: "help keys" },
    {
      id: "api",
      group,
      label: "API description",
      icon: IconBook2,
      run: () => window.open("/api/docs"),
      words: "docs rest",
    },
    { id: "sign-out", group, label: "Sign out", icon: IconLogout, run: signOut, words: "log off leave" },
  ];
}

function recentEntries(user: User): Entry[] {
  return readRecents(user.id).map(({ href, label, kind }) => ({
    id: `recent${href}`,
    group: "Recent",
    label,
    icon: ICONS[kind] ?? IconHistory,
    href,
    kind,
  }));
}

function resultEntries(results: Schemas["SearchAnswer"] | undefined, router: RegisteredRouter): Entry[] {
  if (results === undefined) return [];
  return [
    ...results.workflows.map(({ id, name, description }): Entry => ({
      id,
      group: "Workflows",
      label: name,
      detail: description,
      icon: IconBinaryTree2,
      kind: "workflow",
      href: router.buildLocation(workflowPage(id)).href,
    })),
    ...results.executions.map((one): Entry => ({
      id: one.id,
      group: "Executions",
      label: one.unique_key ?? one.workflow_name,
      detail: `${labelOf(one.state as ExecutionState)}, ${ago(one.created_at)}, ${one.id.slice(0, 13)}…`,
      icon: IconActivity,
      kind: "execution",
      href: router.buildLocation(executionPage(one.id)).href,
    })),
    ...results.runners.map(({ id, name, state, host }): Entry => ({
      id,
      group: "Runners",
      label: name,
      detail: [state.toLowerCase(), host].filter(Boolean).join(", "),
      icon: IconServer2,
      kind: "runner",
      href: router.buildLocation(runnerPage(id)).href,
    })),
    ...results.users.map(({ id, name, email }): Entry => ({
      id,
      group: "Users",
      label: name,
      detail: email,
      icon: IconUser,
      kind: "user",
      href: router.buildLocation({ to: "/users", search: { text: email } }).href,
    })),
  ];
}
