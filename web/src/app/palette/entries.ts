import type { Icon } from "@tabler/icons-react";
import type { Recent } from "@/app/palette/recents";

/** One thing that the palette offers. */
export interface Entry {
  id: string;
  group: string;
  label: string;
  /** A few words more, such as a state or an address. */
  detail?: string;
  icon: Icon;
  /** Further words that find it. */
  words?: string;
  /** Where it leads; without it, `run` does something. */
  href?: string;
  /** What is remembered as chosen lately; other entries are not. */
  kind?: Recent["kind"];
  run?: () => void;
}

/** How well a text is found by what was typed: 0 is not at all. Every typed word must begin one of its words. */
export function rank(typed: string, label: string, words = ""): number {
  const wanted = plain(typed).split(" ").filter(Boolean);
  if (wanted.length === 0) return 1;
  const title = plain(label);
  const own = title.split(" ");
  const all = [...own, ...plain(words).split(" ")];
  if (!wanted.every((word) => all.some((one) => one.startsWith(word)))) return 0;
  if (title.startsWith(wanted.join(" "))) return 3;
  return wanted.every((word) => own.some((one) => one.startsWith(word))) ? 2 : 1;
}

/** The entries that fit what was typed, the best first; equal ones stay in their order. */
export function found(typed: string, entries: readonly Entry[]): Entry[] {
  return entries
    .map((entry) => ({ entry, value: rank(typed, entry.label, entry.words) }))
    .filter(({ value }) => value > 0)
    .sort((one, other) => other.value - one.value)
    .map(({ entry }) => entry);
}

/** The same entries, those of a group beside one another; groups stay in the order of their first entries. */
export function grouped(entries: readonly Entry[]): Entry[] {
  const groups = [...new Set(entries.map(({ group }) => group))];
  return groups.flatMap((group) => entries.filter((entry) => entry.group === group));
}

/** Lower case and without accents. */
function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, " ")
    .trim();
}
