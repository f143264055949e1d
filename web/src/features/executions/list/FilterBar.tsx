import { Button, Group } from "@mantine/core";
import { IconFilterOff } from "@tabler/icons-react";
import { useDeferredValue } from "react";
import classes from "@/features/executions/list/list.module.css";
import { RunnerSelect, WorkflowSelect } from "@/features/executions/list/selects";
import { PersonSelect, WaySelect } from "@/features/executions/list/startedSelects";
import { TimeFilter } from "@/features/executions/list/TimeFilter";
import { type ExecutionsSearch, isFiltered } from "@/features/executions/search";
import { SearchField } from "@/shared/ui/SearchField";

interface FilterBarProps {
  search: ExecutionsSearch;
  onChange: (change: Partial<ExecutionsSearch>) => void;
}

const WIDTHS = [195, 150, 150, 165, 150, 128];

/** The filters above the list. All of them live in the address. They take as long as the rows, which go first. */
export function FilterBar(props: FilterBarProps) {
  const drawn = useDeferredValue(true, false);
  if (drawn) return <Filters {...props} />;
  return (
    <Group gap="xs" mb="xs" aria-hidden>
      {WIDTHS.map((width, index) => (
        <span key={index} className={classes.place} style={{ width }} />
      ))}
    </Group>
  );
}

function Filters({ search, onChange }: FilterBarProps) {
  const clear = {
    text: undefined,
    workflow_id: undefined,
    workflow_tag: undefined,
    runner_id: undefined,
    source: undefined,
    interactive: undefined,
    debug: undefined,
    created_by: undefined,
    range: undefined,
    since: undefined,
    until: undefined,
  };
  return (
    <Group gap="xs" mb="xs">
      <SearchField
        label="Workflow name contains"
        value={search.text}
        onChange={(text) => onChange({ text })}
        width={195}
      />
      <WorkflowSelect value={search.workflow_id} onChange={(workflow_id) => onChange({ workflow_id })} />
      <RunnerSelect value={search.runner_id} onChange={(runner_id) => onChange({ runner_id })} />
      <WaySelect search={search} onChange={onChange} />
      <PersonSelect value={search.created_by} onChange={(created_by) => onChange({ created_by })} />
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
