/** A duration in seconds for people: `850 ms`, `2.4 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds > 0 && seconds < 0.00005) return "< 0.1 ms";
  if (seconds < 0.0995) return `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms`;
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  if (whole < 172_800)
    return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** A duration in seconds where there is little room: `0`, `850 ms`, `40 s`, `1.3 min`, `2 h`. */
export function shortDuration(seconds: number): string {
  if (seconds === 0) return "0";
  if (seconds < 1) return `${rounded(seconds * 1000)} ms`;
  if (seconds < 60) return `${rounded(seconds)} s`;
  return seconds < 3600 ? `${rounded(seconds / 60)} min` : `${rounded(seconds / 3600)} h`;
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toFixed(1)));
}

/** How long ago a moment was: `just now`, `4 min ago`, `3 h ago`, `5 d ago`. */
export function ago(moment: string | Date, now: number = Date.now()): string {
  const seconds = Math.round((now - new Date(moment).getTime()) / 1000);
  if (seconds < 5) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

let zone: string | undefined;
const formats = new Map<Intl.DateTimeFormatOptions, Intl.DateTimeFormat>();

/** The time zone in which all pages show moments; undefined is the browser's own. */
export function setTimeZone(name: string | undefined): void {
  zone = name;
  formats.clear();
}

/** The time zone in which all pages show moments. */
export function timeZone(): string {
  return zone ?? (Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC");
}

/** A moment in the chosen time zone. `options` are the same object each time: what they make is kept. */
export function momentAs(value: string | number | Date, options: Intl.DateTimeFormatOptions): string {
  let format = formats.get(options);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(undefined, zone === undefined ? options : { ...options, timeZone: zone });
    formats.set(options, format);
  }
  return format.format(new Date(value));
}

const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
const FULL: Intl.DateTimeFormatOptions = { year: "numeric", month: "short", day: "2-digit", ...CLOCK };
const PRECISE: Intl.DateTimeFormatOptions = { ...FULL, fractionalSecondDigits: 3 };
const PRECISE_CLOCK: Intl.DateTimeFormatOptions = { ...CLOCK, fractionalSecondDigits: 3 };

/** A moment in full, in the chosen time zone. */
export function moment(value: string | Date, precise = false): string {
  return momentAs(value, precise ? PRECISE : FULL);
}

const WALL: Intl.DateTimeFormatOptions = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
};

/** What clocks show in the chosen time zone at a moment: `2026-11-20 08:30:00`. */
export function wallClock(value: string | number | Date): string {
  // The Swedish way to write a moment is that of ISO 8601.
  return new Intl.DateTimeFormat("sv-SE", { ...WALL, timeZone: timeZone() }).format(new Date(value));
}

/** The moment at which clocks in the chosen time zone show that; of an hour that they skip, the one after it. */
export function momentOfWall(wall: string): Date {
  const asUtc = (text: string) => Date.parse(`${text.replace(" ", "T")}Z`);
  const wanted = asUtc(wall);
  let at = wanted;
  // Twice: near a change of the clocks the first guess may have the other offset.
  for (let turn = 0; turn < 2; turn += 1) at = wanted - (asUtc(wallClock(at)) - at);
  return new Date(at);
}

/** The time of day with milliseconds, in the chosen time zone. */
export function clockTime(value: string | Date): string {
  return momentAs(value, PRECISE_CLOCK);
}
