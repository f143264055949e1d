/** Lengths of time as people write them: `90`, `1m 30s`, `1.5 h`, `2 days`. */
import { numberOf } from "@/shared/format/numbers";

const UNITS: readonly { seconds: number; name: string; words: RegExp }[] = [
  { seconds: 604_800, name: "w", words: /^w(eeks?)?$/i },
  { seconds: 86_400, name: "d", words: /^d(ays?)?$/i },
  { seconds: 3_600, name: "h", words: /^h((ou)?rs?)?$/i },
  { seconds: 60, name: "min", words: /^m(in(ute)?s?)?$/i },
  { seconds: 1, name: "s", words: /^s(ec(ond)?s?)?$/i },
  { seconds: 0.001, name: "ms", words: /^(ms|milliseconds?)$/i },
];
const PART = /(\d+(?:[.,]\d+)?|[.,]\d+)\s*([a-z]*)/giy;

/** The seconds that a text means; null where it is not a duration. A number alone is seconds. */
export function parseDuration(text: string): number | null {
  const written = text.trim();
  let position = 0;
  let total = 0;
  if (written === "") return null;
  while (position < written.length) {
    PART.lastIndex = position;
    const found = PART.exec(written);
    if (!found) return null;
    const word = found[2] ?? "";
    const unit =
      word === "" ? (written === found[0] ? 1 : undefined) : UNITS.find(({ words }) => words.test(word))?.seconds;
    if (unit === undefined) return null;
    const count = numberOf(found[1] ?? "");
    if (count === null) return null;
    total += count * unit;
    position = PART.lastIndex;
    while (/[\s,]/.test(written[position] ?? "")) position++;
  }
  return Math.round(total * 1e6) / 1e6;
}

/** Seconds in words that `parseDuration` reads back: `1 h 30 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const parts: string[] = [];
  let rest = Math.round(seconds * 1e6) / 1e6;
  for (const unit of UNITS.slice(1, -2)) {
    const count = Math.floor(rest / unit.seconds);
    if (count > 0) parts.push(`${count} ${unit.name}`);
    rest -= count * unit.seconds;
  }
  const left = Math.round(rest * 1e6) / 1e6;
  if (left > 0) parts.push(`${left} s`);
  return parts.join(" ");
}
