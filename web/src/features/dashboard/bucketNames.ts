import type { Dashboard } from "@/features/dashboard/queries";
import { momentAs } from "@/shared/format/time";

const DAY_WIDE: ReadonlySet<Dashboard["bucket"]> = new Set(["six-hours", "day", "week"]);

/** The words below the columns of a chart: the time of day, or the day where columns are that wide. */
export function namesOf(buckets: readonly { begins: string }[], width: Dashboard["bucket"]): string[] {
  return buckets.map(({ begins }) => (DAY_WIDE.has(width) ? momentAs(begins, DAY) : momentAs(begins, CLOCK)));
}

/** The first lines of their tooltips. */
export function headsOf(buckets: readonly { begins: string; ends: string }[], width: Dashboard["bucket"]): string[] {
  return buckets.map(({ begins, ends }) => {
    if (width === "day") return momentAs(begins, FULL_DAY);
    const until = width === "week" ? momentAs(ends, FULL_DAY) : momentAs(ends, CLOCK);
    return `${momentAs(begins, FULL_DAY)}, ${momentAs(begins, CLOCK)} – ${until}`;
  });
}

const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const FULL_DAY: Intl.DateTimeFormatOptions = { year: "numeric", month: "short", day: "2-digit" };
const DAY: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
