import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "@/shared/api/client";
import { runnerChoicesQuery } from "@/shared/runners/queries";

const WORDS: Record<Schemas["RunnerState"], string> = { ONLINE: "free", BUSY: "busy", OFFLINE: "offline" };

/** Which Runner shall take it; null leaves it to the queue. */
export function RunnerChoice({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const runners = useQuery(runnerChoicesQuery);
  const data = (runners.data?.items ?? []).map(({ id, name, state }) => ({
    value: id,
    label: `${name} (${WORDS[state]})`,
  }));
  return (
    <Select
      label="Runner"
      description={value === null ? undefined : "Waits in the queue until this Runner is free."}
      placeholder="The next free Runner"
      clearable
      searchable
      nothingFoundMessage="No such Runner"
      data={data}
      value={value}
      onChange={onChange}
    />
  );
}
