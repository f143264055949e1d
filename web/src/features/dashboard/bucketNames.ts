import type { Dashboard } from "@/features/dashboard/queries";
import { moment, momentAs } from "@/shared/format/time";

const DAY_WIDE: ReadonlySet<Dashboard["bucket"]> = new Set(["six-hours", "day", "week"]);

/** The words below the columns of a chart: the time of day, or the day where columns are that wide. */
export function namesOf(buckets: readonly { begins: string }[], width: Dashboard["bucket"]): string[] {
  return buckets.map(({ begins }) => (DAY_WIDE.has(width) ? momentAs(begins, DAY) : momentAs(begins, CLOCK)));
}

/** The first lines of their tooltips. */
export function headsOf(buckets: readonly { begins: string; ends: string }[]): string[] {
  return buckets.map(({ begins, ends }) => `${moment(begins).replace(/:00$/, "")} – ${momentAs(ends, CLOCK)}`);
}

const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
