import { Select } from "@mantine/core";
import { type FilterSelectProps, NamedSelect } from "@/features/executions/list/selects";
import type { ExecutionsSearch } from "@/features/executions/search";
import { api, dataOf } from "@/shared/api/client";
import { includesRole, useUser } from "@/shared/session/session";

type Started = Pick<ExecutionsSearch, "source" | "interactive" | "debug">;

const NOTHING: Started = { source: undefined, interactive: undefined, debug: undefined };
const WAYS: readonly { value: string; label: string; search: Started }[] = [
  { value: "production", label: "All except Studio", search: {} },
  { value: "all", label: "All sources", search: { source: "all" } },
  { value: "manual", label: "By hand or API", search: { source: "manual" } },
  { value: "schedule", label: "Schedule", search: { source: "schedule" } },
  { value: "webhook", label: "Webhook", search: { source: "webhook" } },
  { value: "studio", label: "Studio", search: { source: "studio" } },
  { value: "interactive", label: "Interactive run", search: { interactive: true } },
  { value: "debug", label: "Debug session", search: { debug: true } },
];

/** Filters by what started executions. Runs from Studio are left out unless somebody asks for them. */
export function WaySelect({ search, onChange }: { search: Started; onChange: (change: Started) => void }) {
  const chosen = WAYS.findLast(({ search: way }) =>
    Object.entries(way).every(([name, value]) => search[name as keyof Started] === value),
  );
  return (
    <Select
      w={165}
      aria-label="Source"
      allowDeselect={false}
      data={WAYS.map(({ value, label }) => ({ value, label }))}
      value={chosen?.value ?? null}
      onChange={(value) => onChange({ ...NOTHING, ...WAYS.find((way) => way.value === value)?.search })}
    />
  );
}

/** Filters by who started executions: oneself, and for those who may see the users anybody. */
export function PersonSelect({ value, onChange }: FilterSelectProps) {
  const user = useUser();
  const me = { id: user.id, name: "Me" };
  const maySeeUsers = includesRole(user, "ADMIN");
  return (
    <NamedSelect
      value={value}
      onChange={onChange}
      label="Started by"
      placeholder="Anyone"
      find={async (text, signal) => {
        const own = "me".includes(text.toLowerCase()) ? [me] : [];
        if (!maySeeUsers) return own;
        const query = { limit: 50, ...(text !== "" && { text }) };
        const { items } = await dataOf(api.GET("/api/users", { params: { query }, signal }));
        return [...own, ...items.filter(({ id }) => id !== user.id).map(({ id, email }) => ({ id, name: email }))];
      }}
      get={async (id, signal) => {
        if (id === user.id) return me;
        if (!maySeeUsers) return { id, name: "Somebody else" };
        const { email } = await dataOf(api.GET("/api/users/{user_id}", { params: { path: { user_id: id } }, signal }));
        return { id, name: email };
      }}
    />
  );
}
