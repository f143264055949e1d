import { Badge, Button, Group, Select, Text, VisuallyHidden } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { ChangeUserDialog } from "@/features/people/ChangeUserDialog";
import { NewUserDialog } from "@/features/people/NewUserDialog";
import { ResetPasswordDialog } from "@/features/people/ResetPasswordDialog";
import { ROLES, roleLabel } from "@/features/people/roles";
import { UserMenu } from "@/features/people/UserMenu";
import { api, dataOf } from "@/shared/api/client";
import { given } from "@/shared/api/given";
import { type Role, type User, useUser } from "@/shared/session/session";
import { Ago } from "@/shared/ui/Ago";
import { type ListColumn, ListTable } from "@/shared/ui/ListTable";
import { NothingFits } from "@/shared/ui/NothingFits";
import { PageHeader } from "@/shared/ui/PageHeader";
import { usePagedList } from "@/shared/ui/pagedList";
import { SearchField } from "@/shared/ui/SearchField";
import { useShortcuts } from "@/shared/ui/shortcuts";

const route = getRouteApi("/pages/users");

type Open = { dialog: "change" | "password"; user: User } | null;

/** Who may sign in, and what each may do. */
export function UsersPage() {
  const { cursor, create, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const me = useUser();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const openNew = (opened: boolean) =>
    void navigate({ search: (old) => ({ ...old, create: opened || undefined }), replace: true });
  useShortcuts("Users", [{ keys: "n", label: "Add a user", run: () => openNew(true) }]);
  const list = usePagedList<User>({
    queryKey: ["users", filters],
    cursor,
    fetchPage: (at, signal) => {
      const active = filters.active === undefined ? undefined : filters.active === "yes";
      const query = given({ limit: 50, text: filters.text, role: filters.role, active, cursor: at });
      return dataOf(api.GET("/api/users", { params: { query }, signal }));
    },
  });
  const filter = (change: Partial<typeof filters>) =>
    void navigate({ search: (old) => ({ ...old, ...change, cursor: undefined }), replace: true });
  const columns: ListColumn<User>[] = [
    { accessor: "name", title: "Name", render: (user) => <NameCell user={user} isMe={user.id === me.id} /> },
    { accessor: "email", title: "E-mail", ellipsis: true },
    { accessor: "role", title: "Role", width: 140, render: (user) => roleLabel(user.role) },
    { accessor: "signed_in_at", title: "Last sign-in", width: 140, render: (user) => <Ago at={user.signed_in_at} /> },
    { accessor: "created_at", title: "Added", width: 120, render: (user) => <Ago at={user.created_at} /> },
    {
      accessor: "actions",
      title: <VisuallyHidden>Actions</VisuallyHidden>,
      width: 56,
      textAlign: "right",
      render: (user) => (
        <UserMenu user={user} isMe={user.id === me.id} onOpen={(dialog) => setOpen({ dialog, user })} />
      ),
    },
  ];
  return (
    <>
      <PageHeader
        title="Users"
        subtitle="Who may sign in. Each role includes the ones before it: operator, developer, administrator."
        actions={
          <Button leftSection={<IconPlus size={16} />} onClick={() => openNew(true)}>
            Add a user
          </Button>
        }
      />
      <Group mb="sm" gap="xs">
        <SearchField label="Name or e-mail" value={filters.text} onChange={(text) => filter({ text })} />
        <Select
          aria-label="Role"
          placeholder="All roles"
          clearable
          w={170}
          data={ROLES.map(({ role, label }) => ({ value: role, label }))}
          value={filters.role ?? null}
          onChange={(role) => filter({ role: (role ?? undefined) as Role | undefined })}
        />
        <Select
          aria-label="Status"
          placeholder="Any status"
          clearable
          w={170}
          data={[
            { value: "yes", label: "Active" },
            { value: "no", label: "Deactivated" },
          ]}
          value={filters.active ?? null}
          onChange={(active) => filter({ active: (active ?? undefined) as "yes" | "no" | undefined })}
        />
      </Group>
      <ListTable
        label="Users"
        list={list}
        columns={columns}
        minWidth={820}
        empty={<NothingFits what={["user", "users"]} onClear={() => void navigate({ search: {} })} />}
        onCursor={(next) => void navigate({ search: (old) => ({ ...old, cursor: next }) })}
      />
      <NewUserDialog opened={create === true} onClose={() => openNew(false)} />
      <ChangeUserDialog user={open?.dialog === "change" ? open.user : null} onClose={close} />
      <ResetPasswordDialog user={open?.dialog === "password" ? open.user : null} onClose={close} />
    </>
  );
}

function NameCell({ user, isMe }: { user: User; isMe: boolean }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Text inherit fw={550} truncate title={user.name} {...(user.active ? {} : { c: "var(--exekra-quiet)" })}>
        {user.name}
      </Text>
      {isMe && (
        <Badge size="xs" variant="default" tt="none">
          You
        </Badge>
      )}
      {!user.active && (
        <Badge size="xs" variant="default" tt="none">
          Deactivated
        </Badge>
      )}
    </Group>
  );
}
