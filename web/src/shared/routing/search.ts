/** The search parameters of an address as they came: anything may stand there. */
export type RawSearch = Record<string, unknown>;

/** A text of at most `most` characters; undefined when it is none. */
export function textIn(search: RawSearch, name: string, most = 200): string | undefined {
  const value = search[name];
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value.slice(0, most) : undefined;
}

/** One of the `known` words. */
export function choiceIn<T extends string>(search: RawSearch, name: string, known: readonly T[]): T | undefined {
  return known.find((word) => word === search[name]);
}

/** A list of texts; one alone stands for a list of one. */
export function textsIn(search: RawSearch, name: string, most = 20): string[] | undefined {
  const value = search[name];
  const list = (Array.isArray(value) ? value : [value]).filter(
    (item): item is string => typeof item === "string" && item !== "",
  );
  return list.length === 0 ? undefined : list.slice(0, most);
}

/** A whole number from 1. */
export function countIn(search: RawSearch, name: string): number | undefined {
  const value = Number(search[name]);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}

/** Whether it is set. */
export function flagIn(search: RawSearch, name: string): true | undefined {
  return search[name] === true || search[name] === "true" ? true : undefined;
}

/**
 * The parameters that a page understands. One that is undefined stays as a key: the router lays them over what the
 * address says, and would else hand the page what was not understood.
 */
export function understood<T extends object>(search: T): { [K in keyof T]?: T[K] } {
  return search;
}
