import { readLocalStorageValue, useLocalStorage } from "@mantine/hooks";

const FAVOURITES = "exekra-favourite-activities";
const RECENT = "exekra-recent-activities";
const MOST_RECENT = 6;

/** The activities that somebody starred in this browser, and the way to star one or not. */
export function useFavourites(): [readonly string[], (id: string) => void] {
  const [ids, setIds] = useLocalStorage<string[]>({
    key: FAVOURITES,
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const toggle = (id: string) =>
    setIds((before) => (before.includes(id) ? before.filter((other) => other !== id) : [...before, id]));
  return [ids, toggle];
}

/** The activities that were added last in this browser, the newest first. */
export function useRecent(): [readonly string[], (id: string) => void] {
  const [ids, setIds] = useLocalStorage<string[]>({ key: RECENT, defaultValue: [], getInitialValueInEffect: false });
  const remember = (id: string) => setIds(withFirst(readLocalStorageValue({ key: RECENT, defaultValue: [] }), id));
  return [ids, remember];
}

function withFirst(ids: readonly string[], id: string): string[] {
  return [id, ...ids.filter((other) => other !== id)].slice(0, MOST_RECENT);
}
