import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, dataOf } from "@/shared/api/client";

const OFFERED = 50;
const TYPING_MILLISECONDS = 200;

export interface FilterSelectProps {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}

interface Named {
  id: string;
  name: string;
}

/** Filters by one workflow; looks for it at the Hub while one types. */
export function WorkflowSelect({ value, onChange }: FilterSelectProps) {
  return (
    <NamedSelect
      value={value}
      onChange={onChange}
      label="Workflow"
      placeholder="Any workflow"
      find={async (text, signal) => {
        const query = { limit: OFFERED, ...(text !== "" && { text }) };
        return (await dataOf(api.GET("/api/workflows", { params: { query }, signal }))).items;
      }}
      get={(id, signal) =>
        dataOf(api.GET("/api/workflows/{workflow_id}", { params: { path: { workflow_id: id } }, signal }))
      }
    />
  );
}

/** Filters by one Runner. */
export function RunnerSelect({ value, onChange }: FilterSelectProps) {
  return (
    <NamedSelect
      value={value}
      onChange={onChange}
      label="Runner"
      placeholder="Any Runner"
      find={async (text, signal) => {
        const query = { limit: OFFERED, ...(text !== "" && { text }) };
        return (await dataOf(api.GET("/api/runners", { params: { query }, signal }))).items;
      }}
      get={(id, signal) => dataOf(api.GET("/api/runners/{runner_id}", { params: { path: { runner_id: id } }, signal }))}
    />
  );
}

/** Chooses one of what is found while one types. */
export function NamedSelect({
  value,
  onChange,
  label,
  placeholder,
  find,
  get,
}: FilterSelectProps & {
  label: string;
  placeholder: string;
  find: (text: string, signal: AbortSignal) => Promise<readonly Named[]>;
  get: (id: string, signal: AbortSignal) => Promise<Named>;
}) {
  const [opened, setOpened] = useState(false);
  const [typed, setTyped] = useState("");
  const [text] = useDebouncedValue(typed, TYPING_MILLISECONDS);
  const found = useQuery({
    queryKey: ["filter", label, text],
    queryFn: ({ signal }) => find(text, signal),
    placeholderData: keepPreviousData,
    enabled: opened,
  });
  const chosen = useQuery({
    queryKey: ["filter", label, "one", value],
    queryFn: ({ signal }) => get(value ?? "", signal),
    enabled: value !== undefined,
    staleTime: 60_000,
  });
  const offered = new Map((found.data ?? []).map(({ id, name }) => [id, name]));
  if (value !== undefined && !offered.has(value)) offered.set(value, chosen.data?.name ?? "…");
  const chosenName = value === undefined ? "" : (offered.get(value) ?? "");
  return (
    <Select
      w={150}
      aria-label={label}
      placeholder={placeholder}
      searchable
      clearable
      clearButtonProps={{ "aria-label": `Any ${label}` }}
      nothingFoundMessage={found.isPending ? "Searching…" : "Nothing found"}
      data={[...offered].map(([id, name]) => ({ value: id, label: name }))}
      filter={({ options }) => options}
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
      onSearchChange={(next) => setTyped(next === chosenName ? "" : next)}
      onDropdownOpen={() => setOpened(true)}
      maxDropdownHeight={320}
    />
  );
}
