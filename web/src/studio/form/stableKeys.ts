import { useState } from "react";

type Keys = ReadonlyMap<string, number>;

/**
 * Keys for what is listed by its name: one that is renamed in its place keeps its key, so that its fields stay the same
 * elements and neither a click nor the focus is lost. `before` itself where no name changed.
 */
export function keysAfter(before: Keys, names: readonly string[]): Keys {
  const old = [...before.keys()];
  if (old.length === names.length && old.every((name, index) => name === names[index])) return before;
  const listed = new Set(names);
  const gone = old.filter((name) => !listed.has(name));
  const come = names.filter((name) => !before.has(name));
  const [from, to] = [gone[0], come[0]];
  const renamed = gone.length === 1 && come.length === 1 && from !== undefined && to !== undefined;
  const inPlace = renamed && old.indexOf(from) === names.indexOf(to);
  let next = Math.max(-1, ...before.values()) + 1;
  return new Map(names.map((name) => [name, before.get((inPlace && name === to ? from : name) ?? name) ?? next++]));
}

export function useStableKeys(names: readonly string[]): Keys {
  const [before, setBefore] = useState<Keys>(() => keysAfter(new Map(), names));
  const keys = keysAfter(before, names);
  if (keys !== before) setBefore(keys);
  return keys;
}
