import type { Schemas } from "@/shared/api/client";

export type Kind = Schemas["Kind"];
export type Times = Schemas["RetentionTimes"];

/** What each kind is called, and what it is, in the order of the page. */
export const KINDS: readonly { kind: Kind; label: string; explanation: string }[] = [
  { kind: "executions", label: "Executions", explanation: "With their inputs, outputs and figures" },
  { kind: "logs", label: "Logs", explanation: "What executions logged" },
  { kind: "events", label: "Events", explanation: "What each step did" },
  { kind: "values", label: "Kept values", explanation: "Another execution can start in the middle from them" },
  {
    kind: "files",
    label: "Files",
    explanation: "That executions were given or kept; the size includes uploads and the files of workflows",
  },
];

/** The most days that anything can be kept for. */
export const MOST_DAYS = 36_500;

/** What is wrong with the time of a kind; null where it can be saved. */
export function wrong(times: Times, kind: Kind): string | null {
  const days = times[kind];
  if (days !== null && (days < 1 || days > MOST_DAYS)) return `From 1 to ${MOST_DAYS.toLocaleString("en")} days`;
  return tooLong(times) === kind ? "Longer than executions are kept" : null;
}

/** A kind that would be kept longer than the executions that it belongs to. */
export function tooLong(times: Times): Kind | null {
  const whole = times.executions;
  if (whole === null) return null;
  return KINDS.map(({ kind }) => kind).find((kind) => times[kind] === null || times[kind] > whole) ?? null;
}
