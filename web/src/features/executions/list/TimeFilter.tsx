import { Button, Menu } from "@mantine/core";
import { IconCalendar, IconCheck, IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import type { ExecutionsSearch } from "@/features/executions/search";
import { type Range, RANGES } from "@/shared/format/ranges";
import { momentAs } from "@/shared/format/time";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { lazyPart } from "@/shared/ui/lazyPart";

const PeriodDialog = lazyPart(() => import("@/features/executions/list/PeriodDialog"), "PeriodDialog");

/** Filters by when executions were created: a period up to now, or between two moments. */
export function TimeFilter({
  search,
  onChange,
}: {
  search: ExecutionsSearch;
  onChange: (change: Partial<ExecutionsSearch>) => void;
}) {
  const [dialog, setDialog] = useState(false);
  const choose = (range: Range | undefined) => onChange({ range, since: undefined, until: undefined });
  const custom = search.since !== undefined || search.until !== undefined;
  const check = (on: boolean) => (on ? <IconCheck size={14} aria-label="chosen" /> : null);
  return (
    <>
      <Menu position="bottom-start" width={220}>
        <Menu.Target>
          <Button
            variant="default"
            fw={400}
            leftSection={<IconCalendar size={16} />}
            rightSection={<IconChevronDown size={14} />}
          >
            {inWords(search)}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item rightSection={check(!custom && search.range === undefined)} onClick={() => choose(undefined)}>
            Any time
          </Menu.Item>
          {(Object.keys(RANGES) as Range[]).map((range) => (
            <Menu.Item key={range} rightSection={check(search.range === range)} onClick={() => choose(range)}>
              {RANGES[range].label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item rightSection={check(custom)} onClick={() => setDialog(true)}>
            Between two moments
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog && (
        <ErrorBoundary what="The dialog" onClose={() => setDialog(false)}>
          <PeriodDialog search={search} onChange={onChange} onClose={() => setDialog(false)} />
        </ErrorBoundary>
      )}
    </>
  );
}

const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
const SHORT: Intl.DateTimeFormatOptions = { ...DAY, ...CLOCK };

function inWords({ range, since, until }: ExecutionsSearch): string {
  if (range !== undefined) return RANGES[range].label;
  if (since !== undefined && until !== undefined) {
    const sameDay = momentAs(since, DAY) === momentAs(until, DAY);
    return `${momentAs(since, SHORT)} – ${momentAs(until, sameDay ? CLOCK : SHORT)}`;
  }
  if (since !== undefined) return `Since ${momentAs(since, SHORT)}`;
  if (until !== undefined) return `Before ${momentAs(until, SHORT)}`;
  return "Any time";
}
