const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The periods that pages offer, by the word that stands in the address. */
export const RANGES = {
  "1h": { label: "Last hour", short: "1 h", milliseconds: HOUR },
  "24h": { label: "Last 24 hours", short: "24 h", milliseconds: DAY },
  "7d": { label: "Last 7 days", short: "7 d", milliseconds: 7 * DAY },
  "30d": { label: "Last 30 days", short: "30 d", milliseconds: 30 * DAY },
} as const;

export type Range = keyof typeof RANGES;

/** Whether a word from the address names a period. */
export function isRange(value: unknown): value is Range {
  return typeof value === "string" && Object.hasOwn(RANGES, value);
}

/** When a period that ends now begins. */
export function beginOf(range: Range, now: number = Date.now()): string {
  return new Date(now - RANGES[range].milliseconds).toISOString();
}
