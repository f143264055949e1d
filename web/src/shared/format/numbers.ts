/**
 * Numbers as people write them: `1.234,5`, `1,234.5`, `1 234,5`, `1'234.5`, `1e3`. A number is never changed: what cannot
 * be kept exactly is refused.
 */
import { locale } from "@/shared/format/locale";

/** What a text means as a number. */
export type NumberReading =
  /** `other` is what it would be if its only sign were the other one: `1,500` may be 1500 or 1.5. */
  | { value: number; other?: number }
  /** It may be either, and the language does not tell. */
  | { either: readonly [number, number] }
  | { problem: string };

/** What is said of a text that is not a number. */
export const NO_NUMBER = "Enter a number, such as 12.5.";
const TOO_LONG = "This number has more digits than can be kept exactly. Use a text instead.";
const PLAIN = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;
const ONE_SIGN = /^[+-]?[1-9]\d{0,2}([.,])\d{3}$/;
/** Groups of three with one sign between all of them, and a fraction behind another sign. */
const GROUPED = /^([+-]?[1-9]\d{0,2}(?:([ ',.])\d{3})(?:\2\d{3})*)(?:([.,])(\d*))?$/;

/** Reads a number; null for a text without any. */
export function readNumber(text: string, tag: string = locale()): NumberReading | null {
  const written = text
    .trim()
    .replace(/[\u00a0\u2009\u202f]/g, " ")
    .replace(/[’‘]/g, "'")
    .replace(/\u2212/g, "-");
  if (written === "") return null;
  const sign = ONE_SIGN.exec(written)?.[1];
  if (sign !== undefined) return readOneSign(written, sign, signsOf(tag));
  const grouped = GROUPED.exec(written);
  if (grouped !== null && grouped[2] !== grouped[3]) {
    const [, whole = "", group = "", , fraction = ""] = grouped;
    return exactly(`${whole.replaceAll(group, "")}.${fraction}`);
  }
  return exactly(written.replace(",", "."));
}

/** The number of a text, where it is one beyond doubt or the language tells which. */
export function numberOf(text: string, tag: string = locale()): number | null {
  const reading = readNumber(text, tag);
  return reading !== null && "value" in reading ? reading.value : null;
}

/** A number as somebody would type it: the language's decimal sign, and nothing between thousands. */
export function writeNumber(value: number, tag: string = locale()): string {
  return String(value).replace(".", signsOf(tag).decimal);
}

/** `1,500`, or `1.500`: the language's decimal sign begins a fraction, its other one parts thousands. */
function readOneSign(written: string, sign: string, { decimal, group }: Signs): NumberReading {
  const fraction = Number(written.replace(sign, "."));
  const thousands = Number(written.replace(sign, ""));
  if (sign === decimal) return sign === "." ? { value: fraction } : { value: fraction, other: thousands };
  return sign === group ? { value: thousands, other: fraction } : { either: [fraction, thousands] };
}

function exactly(written: string): NumberReading {
  const found = PLAIN.exec(written);
  if (found === null || (found[2] ?? "") + (found[3] ?? "") === "") return { problem: NO_NUMBER };
  const value = Number(written);
  if (!Number.isFinite(value)) return { problem: "This number is too large." };
  return digitsOf(written) === digitsOf(String(value)) ? { value } : { problem: TOO_LONG };
}

/** The digits that count and their place, so that two ways to write one number are the same: `12e1` and `120.0`. */
function digitsOf(written: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = PLAIN.exec(written) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  const kept = digits.replace(/0+$/, "");
  const place = Number(exponent) - fraction.length + digits.length - kept.length;
  return kept === "" ? "0" : `${sign === "-" ? "-" : ""}${kept}e${place}`;
}

interface Signs {
  decimal: string;
  group: string;
}

const known = new Map<string, Signs>();

function signsOf(tag: string): Signs {
  const found = known.get(tag) ?? findSigns(tag);
  known.set(tag, found);
  return found;
}

function findSigns(tag: string): Signs {
  // Digits as keyboards have them, also where a language has its own.
  const parts = new Intl.NumberFormat(tag, { numberingSystem: "latn" }).formatToParts(1_234_567.5);
  const sign = (type: Intl.NumberFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? "";
  return { decimal: sign("decimal"), group: sign("group") };
}
