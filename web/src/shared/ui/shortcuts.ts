import { useEffect, useEffectEvent, useSyncExternalStore } from "react";

/** One thing that a key does on the present page. */
export interface Shortcut {
  /** A key as it is written for people: `n`, `/`, `?`, `Ctrl+S`, `Shift+Delete`. `Ctrl` is Command on a Mac. */
  keys: string;
  label: string;
  /** What it does. Left out where the page listens for the key itself and only lists it here. */
  run?: () => void;
}

/** The shortcuts of one part of the page. */
export interface ShortcutGroup {
  title: string;
  shortcuts: readonly Shortcut[];
}

let groups: readonly ShortcutGroup[] = [];
const listeners = new Set<() => void>();

function change(next: readonly ShortcutGroup[]): void {
  groups = next;
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** All shortcuts that work now: for the list of them. */
export function useShortcutGroups(): readonly ShortcutGroup[] {
  return useSyncExternalStore(subscribe, () => groups);
}

/**
 * Whether the pressed keys are `keys`, such as `Ctrl+S` or `mod+shift+Z`; `Ctrl` and `mod` are Command on a Mac. A sign is
 * taken as typed, so that `?` works on every keyboard; a digit by its key too, where Shift types something else.
 */
export function isPressed(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split("+");
  const key = keys.endsWith("+") ? "+" : (parts.at(-1) ?? "");
  const modifiers = parts.slice(0, -1).map((part) => part.toLowerCase());
  const shiftMatters = key.length > 1 || /[a-z0-9]/i.test(key);
  return (
    (event.key.toLowerCase() === key.toLowerCase() || event.code === `Digit${key}`) &&
    (event.ctrlKey || event.metaKey) === (modifiers.includes("ctrl") || modifiers.includes("mod")) &&
    event.altKey === modifiers.includes("alt") &&
    (!shiftMatters || event.shiftKey === modifiers.includes("shift"))
  );
}

/** Whether the keys go into a text, so that single characters are no shortcuts. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

/** Whether a dialog or an open menu has the keyboard. */
function isElsewhere(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]') !== null;
}

/** Lets keys do things while the component is there, and lists them under `title` when `?` is pressed. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if ((plain && isTyping(event)) || isElsewhere()) return;
    const found = shortcuts.find((shortcut) => shortcut.run !== undefined && isPressed(event, shortcut.keys));
    if (found?.run === undefined) return;
    event.preventDefault();
    found.run();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
  const words = JSON.stringify(shortcuts.map(({ keys, label }) => ({ keys, label })));
  useEffect(() => {
    const group: ShortcutGroup = { title, shortcuts: JSON.parse(words) as Shortcut[] };
    change([...groups, group]);
    return () => change(groups.filter((one) => one !== group));
  }, [title, words]);
}
