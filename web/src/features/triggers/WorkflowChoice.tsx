import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, dataOf } from "@/shared/api/client";
import { given } from "@/shared/api/given";
import { workflowQuery } from "@/shared/workflows/queries";

const TYPING_MILLISECONDS = 200;
const SHOWN = 50;

/** Which workflow is started, found by a few letters. */
export function WorkflowChoice({ value, onChange }: { value: string | null; onChange: (id: string) => void }) {
  const [text, setText] = useState("");
  const [typed] = useDebouncedValue(text, TYPING_MILLISECONDS);
  const chosen = useQuery({ ...workflowQuery(value ?? ""), enabled: value !== null });
  const wanted = typed === chosen.data?.name ? "" : typed;
  const found = useQuery({
    queryKey: ["workflows", "choices", wanted],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = given({ text: wanted === "" ? undefined : wanted, limit: SHOWN });
      return (await dataOf(api.GET("/api/workflows", { params: { query }, signal }))).items;
    },
  });
  const choices = (found.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  if (chosen.data !== undefined && !choices.some((one) => one.value === value)) {
    choices.unshift({ value: chosen.data.id, label: chosen.data.name });
  }
  return (
    <Select
      label="Workflow"
      description="Its published version is started."
      placeholder="Choose a workflow"
      required
      searchable
      allowDeselect={false}
      nothingFoundMessage="No such workflow"
      data-autofocus
      data={choices}
      value={value}
      searchValue={text}
      onSearchChange={setText}
      onChange={(id) => id !== null && onChange(id)}
    />
  );
}
