import { Group, Select, TextInput } from "@mantine/core";
import type { Filters } from "@/features/audit/queries";
import { isRange, type Range, RANGES } from "@/shared/format/ranges";
import { wallClock } from "@/shared/format/time";

const CUSTOM = "custom";

interface Props {
  filters: Filters;
  onChange: (change: Filters) => void;
}

/** From when to when: a usual period up to now, or two days. */
export function Period({ filters, onChange }: Props) {
  const { range, from, to } = filters;
  const isCustom = range === undefined && (from !== undefined || to !== undefined);
  const choose = (value: string | null) => {
    if (value === CUSTOM) {
      const today = new Date();
      onChange({ range: undefined, from: dayOf(new Date(today.getTime() - 6 * 86_400_000)), to: dayOf(today) });
    } else {
      onChange({ range: isRange(value) ? value : undefined, from: undefined, to: undefined });
    }
  };
  return (
    <Group gap="xs">
      <Select
        aria-label="Period"
        placeholder="Any time"
        clearable
        w={160}
        data={[
          ...(Object.keys(RANGES) as Range[]).map((one) => ({ value: one, label: RANGES[one].label })),
          { value: CUSTOM, label: "Between two days" },
        ]}
        value={isCustom ? CUSTOM : (range ?? null)}
        onChange={choose}
      />
      {isCustom && (
        <>
          <TextInput
            type="date"
            aria-label="From day"
            value={from ?? ""}
            {...(to === undefined ? {} : { max: to })}
            onChange={(event) => onChange({ from: event.currentTarget.value || undefined })}
          />
          <TextInput
            type="date"
            aria-label="To day"
            value={to ?? ""}
            {...(from === undefined ? {} : { min: from })}
            onChange={(event) => onChange({ to: event.currentTarget.value || undefined })}
          />
        </>
      )}
    </Group>
  );
}

function dayOf(date: Date): string {
  return wallClock(date).slice(0, 10);
}
