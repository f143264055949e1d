import type { CatalogueEntry } from "@/shared/flow/catalogue";

/** The entries that fit what somebody typed, the best first: all words must be there, or all letters in their order. */
export function findActivities(entries: readonly CatalogueEntry[], text: string): CatalogueEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...entries];
  return entries
    .map((entry) => ({ entry, score: scoreOf(entry, words) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score || one.entry.title.localeCompare(other.entry.title))
    .map(({ entry }) => entry);
}

function scoreOf(entry: CatalogueEntry, words: readonly string[]): number {
  const scores = words.map((word) => scoreOfWord(entry, word));
  return scores.some((score) => score === 0) ? 0 : scores.reduce((sum, score) => sum + score, 0);
}

function scoreOfWord(entry: CatalogueEntry, word: string): number {
  const title = entry.title.toLowerCase();
  if (title === word) return 100;
  if (title.startsWith(word)) return 80;
  if (title.split(/\W+/).some((part) => part.startsWith(word))) return 60;
  if (entry.id.toLowerCase().includes(word) || entry.aliases.some((alias) => alias.includes(word))) return 40;
  if (title.includes(word)) return 30;
  if (entry.category.toLowerCase().includes(word)) return 20;
  if (entry.summary.toLowerCase().includes(word)) return 10;
  return word.length > 2 && hasInOrder(title, word) ? 5 : 0;
}

function hasInOrder(text: string, letters: string): boolean {
  let position = -1;
  return [...letters].every((letter) => (position = text.indexOf(letter, position + 1)) >= 0);
}
