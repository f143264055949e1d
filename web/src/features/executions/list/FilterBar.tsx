import { Button, CloseButton, Group, TextInput } from "@mantine/core";
import { IconFilterOff, IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { RunnerSelect, WorkflowSelect } from "@/features/executions/list/selects";
import { TimeFilter } from "@/features/executions/list/TimeFilter";
import { type ExecutionsSearch, isFiltered } from "@/features/executions/search";

const TYPING_MILLISECONDS = 250;

/** The filters above the list. All of them live in the address. */
export function FilterBar({
  search,
  onChange,
}: {
  search: ExecutionsSearch;
  onChange: (change: Partial<ExecutionsSearch>) => void;
}) {
  const clear = {
    text: undefined,
    workflow_id: undefined,
    workflow_tag: undefined,
    runner_id: undefined,
    range: undefined,
    since: undefined,
    until: undefined,
  };
  return (
    <Group gap="xs" mb="xs">
      <TextFilter value={search.text ?? ""} onChange={(text) => onChange({ text: text || undefined })} />
      <WorkflowSelect value={search.workflow_id} onChange={(workflow_id) => onChange({ workflow_id })} />
      <RunnerSelect value={search.runner_id} onChange={(runner_id) => onChange({ runner_id })} />
      <TimeFilter search={search} onChange={onChange} />
      {isFiltered(search) && (
        <Button
          variant="subtle"
          color="gray"
          size="sm"
          px="xs"
          leftSection={<IconFilterOff size={16} />}
          onClick={() => onChange(clear)}
        >
          Clear filters
        </Button>
      )}
    </Group>
  );
}

function TextFilter({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => onChange(typed), TYPING_MILLISECONDS);
    return () => clearTimeout(timer);
    // Only typing counts: `onChange` is a new function in every rendering.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [typed]);
  return (
    <TextInput
      w={230}
      aria-label="Part of the workflow's name"
      placeholder="Workflow name contains"
      leftSection={<IconSearch size={16} />}
      rightSection={typed && <CloseButton size="sm" aria-label="Clear the text" onClick={() => setTyped("")} />}
      value={typed}
      maxLength={200}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}
