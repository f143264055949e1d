import "@mantine/dates/styles.css";
import { Button, Group, Modal, Stack } from "@mantine/core";
import { DateTimePicker } from "@mantine/dates";
import { IconCalendar } from "@tabler/icons-react";
import { useState } from "react";
import type { ExecutionsSearch } from "@/features/executions/search";
import { momentOfWall, wallClock } from "@/shared/format/time";

/** Asks for the two moments between which executions were created; either may be left open. */
export function PeriodDialog({
  search,
  onChange,
  onClose,
}: {
  search: ExecutionsSearch;
  onChange: (change: Partial<ExecutionsSearch>) => void;
  onClose: () => void;
}) {
  const [since, setSince] = useState<string | null>(localOf(search.since));
  const [until, setUntil] = useState<string | null>(localOf(search.until));
  const inOrder = since === null || until === null || since < until;
  const apply = () => {
    onChange({ range: undefined, since: momentOf(since), until: momentOf(until) });
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title="Created between">
      <Stack>
        <DateTimePicker
          label="From"
          placeholder="Any time before"
          leftSection={<IconCalendar size={16} aria-hidden />}
          clearable
          value={since}
          onChange={setSince}
          valueFormat="D MMM YYYY HH:mm"
        />
        <DateTimePicker
          label="To"
          placeholder="Until now"
          leftSection={<IconCalendar size={16} aria-hidden />}
          clearable
          value={until}
          onChange={setUntil}
          valueFormat="D MMM YYYY HH:mm"
          error={inOrder ? null : "This must be later than the start."}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={!inOrder} onClick={apply}>
            Show
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** A moment as the picker has it: as clocks show it, without a time zone. */
function localOf(value: string | undefined): string | null {
  return value === undefined ? null : wallClock(value);
}

function momentOf(local: string | null): string | undefined {
  return local === null ? undefined : momentOfWall(local).toISOString();
}
