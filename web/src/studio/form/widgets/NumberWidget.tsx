import { TextInput } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import type { Json } from "@/shared/flow/document";
import type { Shape } from "@/studio/form/schema";
import { inputProps, type WidgetProps } from "@/studio/form/widgets/widget";

/** A number with its bounds. What is typed stays as it was typed, and the field says what is wrong with it. */
export function NumberWidget(props: WidgetProps) {
  const { shape, value, fallback, onChange } = props;
  const [draft, setDraft] = useState<{ text: string; of: Json | undefined } | null>(null);
  const written = typeof value === "number" ? String(value) : "";
  // A draft counts until the value changes by something else than typing.
  const text = draft !== null && draft.of === value ? draft.text : written;
  const wrong = problemOf(text, shape);
  const write = (typed: string) => {
    const number = numberOf(typed);
    const next = typed.trim() === "" ? undefined : Number.isNaN(number) ? value : number;
    setDraft({ text: typed, of: next });
    if (next !== value) onChange(next);
  };
  const step = (event: KeyboardEvent) => {
    const by = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const from = typeof value === "number" ? value : typeof fallback === "number" ? fallback : 0;
    // Not 1.1 + 1 = 2.1000000000000001.
    const next = Number((from + by).toFixed(10));
    if (!isBeyond(next, shape)) write(String(next));
  };
  return (
    <TextInput
      {...inputProps(props)}
      inputMode={shape.whole ? "numeric" : "decimal"}
      error={wrong ?? props.invalid}
      value={text}
      placeholder={typeof fallback === "number" ? String(fallback) : ""}
      onChange={(event) => write(event.currentTarget.value)}
      onKeyDown={step}
      onBlur={() => wrong === null && setDraft(null)}
    />
  );
}

/** The number that a text is, with a point or a comma; NaN where it is none. */
function numberOf(text: string): number {
  return /^\s*[+-]?(\d+([.,]\d*)?|[.,]\d+)\s*$/.test(text) ? Number(text.replace(",", ".")) : NaN;
}

function isBeyond(number: number, { minimum = -Infinity, maximum = Infinity }: Shape): boolean {
  return number < minimum || number > maximum;
}

function problemOf(text: string, shape: Shape): string | null {
  if (text.trim() === "") return null;
  const number = numberOf(text);
  if (Number.isNaN(number)) return shape.whole ? "Write a whole number." : "Write a number, such as 12.5.";
  if (shape.whole && !Number.isInteger(number)) return "Write a whole number.";
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER) return "This number is too large to be kept exactly.";
  if (!isBeyond(number, shape)) return null;
  const { minimum, maximum } = shape;
  if (minimum !== undefined && maximum !== undefined) return `Write a number from ${minimum} to ${maximum}.`;
  return minimum !== undefined ? `Write ${minimum} or more.` : `Write ${maximum} or less.`;
}
