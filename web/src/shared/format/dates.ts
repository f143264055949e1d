/** Days as people write them: `2026-11-20`, `20.11.2026`, `20/11/2026`, `11/20/2026`. */
import { locale } from "@/shared/format/locale";

const YEAR_FIRST = /^(\d{4})([-./])(\d{1,2})\2(\d{1,2})$/;
const YEAR_LAST = /^(\d{1,2})([-./]) ?(\d{1,2})\2 ?(\d{4}|\d{2})$/;

/**
 * The day that a text means, as `2026-11-20`; null where it is none. With dots the day comes first; otherwise as the
 * language has it, unless only one of the two can be a month. Two digits are a year from 1950 to 2049.
 */
export function readDay(text: string, tag: string = locale()): string | null {
  const written = text.trim();
  const first = YEAR_FIRST.exec(written);
  if (first !== null) return dayOf(Number(first[1]), Number(first[3]), Number(first[4]));
  const last = YEAR_LAST.exec(written);
  if (last === null) return null;
  const [one, other, year] = [Number(last[1]), Number(last[3]), fullYear(last[4] ?? "")];
  const monthFirst = last[2] !== "." && isMonthFirst(tag) ? one <= 12 : other > 12;
  return monthFirst ? dayOf(year, one, other) : dayOf(year, other, one);
}

function fullYear(digits: string): number {
  if (digits.length === 4) return Number(digits);
  return Number(digits) + (Number(digits) < 50 ? 2000 : 1900);
}

function dayOf(year: number, month: number, day: number): string | null {
  const found = new Date(Date.UTC(year, month - 1, day));
  // 31 February would be a day in March.
  if (found.getUTCMonth() !== month - 1 || found.getUTCFullYear() !== year) return null;
  return found.toISOString().slice(0, 10);
}

function isMonthFirst(tag: string): boolean {
  const parts = new Intl.DateTimeFormat(tag).formatToParts(0).map(({ type }) => type);
  return parts.indexOf("month") < parts.indexOf("day") && parts.indexOf("year") > parts.indexOf("day");
}
