/** How a number compares with the period before. */
export interface Trend {
  /** Such as `+12 %`; null where nothing can be compared. */
  text: string | null;
  direction: "up" | "down" | "same";
}

const MOST_PERCENT = 999;

/** Compares two counts. */
export function trendOf(now: number, before: number): Trend {
  if (before === 0) return { text: null, direction: now > 0 ? "up" : "same" };
  const percent = Math.round(((now - before) / before) * 100);
  if (percent === 0) return { text: "unchanged", direction: "same" };
  const sign = percent > 0 ? "+" : "−";
  const text = percent > MOST_PERCENT ? `> ${MOST_PERCENT} %` : `${sign}${Math.abs(percent)} %`;
  return { text, direction: percent > 0 ? "up" : "down" };
}

/** Compares two rates, in percentage points. */
export function rateTrendOf(now: number | null, before: number | null): Trend {
  if (now === null || before === null) return { text: null, direction: "same" };
  const points = Math.round((now - before) * 1000) / 10;
  if (points === 0) return { text: "unchanged", direction: "same" };
  const sign = points > 0 ? "+" : "−";
  return { text: `${sign}${Math.abs(points)} points`, direction: points > 0 ? "up" : "down" };
}

/** A rate in percent: never 100 % while anything failed. */
export function percentOf(rate: number | null): string {
  if (rate === null) return "–";
  const percent = rate * 100;
  if (percent === 100 || percent === 0) return `${percent} %`;
  return `${Math.min(99.9, Math.max(0.1, Math.round(percent * 10) / 10))} %`;
}
