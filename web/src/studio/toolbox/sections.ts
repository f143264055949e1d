import type { CatalogueEntry } from "@/shared/flow/catalogue";

/** Kinds of steps that are listed together. */
export interface Section {
  readonly title: string;
  readonly entries: readonly CatalogueEntry[];
}

/** All kinds of steps by their category; before them those that somebody starred, and those that were added last. */
export function sectionsOf(
  entries: readonly CatalogueEntry[],
  favourites: readonly string[],
  recent: readonly string[],
): Section[] {
  const chosen = (ids: readonly string[]) =>
    ids.map((id) => entries.find((entry) => entry.id === id)).filter((entry) => entry !== undefined);
  const categories = [...new Set(entries.map((entry) => entry.category))];
  const special = [
    { title: "Favourites", entries: chosen(favourites) },
    { title: "Recent", entries: chosen(recent) },
  ];
  return [
    ...special.filter((section) => section.entries.length > 0),
    ...categories.map((title) => ({ title, entries: entries.filter((entry) => entry.category === title) })),
  ];
}
