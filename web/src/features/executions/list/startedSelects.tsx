import { Select } from "@mantine/core";
import { type FilterSelectProps, NamedSelect } from "@/features/executions/list/selects";
import type { ExecutionsSearch } from "@/features/executions/search";
import { api, dataOf } from "@/shared/api/client";
import { includesRole, useUser } from "@/shared/session/session";

type Started = Pick<ExecutionsSearch, "source" | "interactive" | "debug">;

const NOTHING: Started = { source: undefined, interactive: undefined, debug: undefined };
const WAYS: readonly { value: string; label: string; search: Started }[] = [
  { value: "manual", label: "By hand", search: { source: "manual" } },
  { value: "schedule", label: "By a schedule", search: { source: "schedule" } },
  { value: "webhook", label: "By a webhook", search: { source: "webhook" } },
  { value: "interactive", label: "Interactive run", search: { interactive: true } },
  { value: "debug", label: "Debug session", search: { debug: true } },
];

/** Filters by what asked for executions, and by whether they are runs of somebody at work in Studio. */
export function WaySelect({ search, onChange }: { search: Started; onChange: (change: Started) => void }) {
  const chosen = WAYS.findLast(({ search: way }) =>
    Object.entries(way).every(([name, value]) => search[name as keyof Started] === value),
  );
  return (
    <Select
      w={150}
      aria-label="How started"
      placeholder="Any start"
      clearable
      clearButtonProps={{ "aria-label": "Any start" }}
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
