const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** A size for people: `0 B`, `312 kB`, `1.4 GB`. */
export function bytes(size: number): string {
  let value = size;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit] ?? ""}`;
}
