import { TextInput, type TextInputProps } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { NO_NUMBER, numberOf, readNumber, writeNumber } from "@/shared/format/numbers";
import { NumberNote } from "@/shared/inputs/NumberNote";
import { afterPress } from "@/shared/ui/press";

export interface Bounds {
  minimum?: number | undefined;
  maximum?: number | undefined;
  whole?: boolean | undefined;
}

interface Props extends Omit<TextInputProps, "value" | "onChange">, Bounds {
  value: number | undefined;
  /** What was typed as a number; undefined for none. What is out of bounds is given too. */
  onChange: (value: number | undefined) => void;
  /** Takes what was typed and is no number, where a text is a value too. */
  onText?: ((text: string) => void) | undefined;
  /** What counts while the field is empty. */
  fallback?: number | undefined;
  /** What an arrow key adds. */
  step?: number;
}

/**
 * A number, typed as people write it. What is typed stays as it was typed, and the field says what is wrong with it, or
 * how it was read.
 */
export function NumberField({ value, onChange, onText, fallback, step = 1, minimum, maximum, whole, ...field }: Props) {
  const [draft, setDraft] = useState<{ text: string; of: number | undefined } | null>(null);
  const bounds = { minimum, maximum, whole };
  // A draft counts until the value changes by something else than typing.
  const text = draft !== null && draft.of === value ? draft.text : value === undefined ? "" : writeNumber(value);
  const wrong = numberProblem(text, bounds);
  const unsure = wrong === null && text.trim() !== "" && numberOf(text) === null;
  const write = (typed: string) => {
    // Not the number that it was a moment ago: 1.500 may not be 1.50.
    const next = numberOf(typed) ?? undefined;
    if (next === undefined && onText !== undefined && typed.trim() !== "") return onText(typed);
    setDraft({ text: typed, of: next });
    if (next !== value) onChange(next);
  };
  const move = (event: KeyboardEvent) => {
    const by = event.key === "ArrowUp" ? step : event.key === "ArrowDown" ? -step : 0;
    if (by === 0) return;
    event.preventDefault();
    // Not 1.1 + 1 = 2.1000000000000001.
    const next = Number(((value ?? fallback ?? 0) + by).toFixed(10));
    if (!isBeyond(next, bounds)) write(writeNumber(next));
  };
  return (
    <div>
      <TextInput
        placeholder={fallback === undefined ? "" : writeNumber(fallback)}
        {...field}
        inputMode={whole ? "numeric" : "decimal"}
        error={wrong ?? (unsure || field.error)}
        value={text}
        onChange={(event) => write(event.currentTarget.value)}
        onKeyDown={move}
        onBlur={() => wrong === null && !unsure && afterPress(() => setDraft(null))}
      />
      <NumberNote text={text} onText={write} />
    </div>
  );
}

const WHOLE = "Enter a whole number.";

/** What is wrong with a text as a number; null where nothing is, or where it may be one of two. */
export function numberProblem(text: string, bounds: Bounds): string | null {
  const reading = readNumber(text);
  if (reading === null || "either" in reading) return null;
  if ("problem" in reading) return bounds.whole && reading.problem === NO_NUMBER ? WHOLE : reading.problem;
  const { value } = reading;
  if (bounds.whole && !Number.isInteger(value)) return WHOLE;
  if (!isBeyond(value, bounds)) return null;
  const { minimum, maximum } = bounds;
  if (minimum !== undefined && maximum !== undefined) {
    return `Enter a number from ${writeNumber(minimum)} to ${writeNumber(maximum)}.`;
  }
  return minimum !== undefined
    ? `Enter ${writeNumber(minimum)} or more.`
    : `Enter ${writeNumber(maximum ?? 0)} or less.`;
}

function isBeyond(number: number, { minimum = -Infinity, maximum = Infinity }: Bounds): boolean {
  return number < minimum || number > maximum;
}
