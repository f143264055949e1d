import type { Icon } from "@tabler/icons-react";
import type { Studio } from "@/studio/page/studio";
import type { EditorState } from "@/studio/state/editor";

/** Something that one can do in Studio. The toolbar, its menu and the keyboard read the same list. */
export interface Command {
  readonly name: string;
  readonly label: string | ((state: EditorState) => string);
  readonly icon?: Icon;
  /** Keys such as `mod+S`, `Delete`, `shift+F10`; `mod` is Ctrl, on a Mac Command. */
  readonly keys?: readonly string[];
  /** Whether the keys count in text fields too; otherwise they do not. */
  readonly everywhere?: boolean;
  /** The browser itself answers these keys with an event, which the canvas takes. */
  readonly byBrowser?: boolean;
  /** Where its button stands; without a place it is in the menu only. */
  readonly place?: "start" | "middle" | "end";
  /** Commands of one section stand together in the menu. */
  readonly section: "File" | "Edit" | "View" | "Run" | "Arrange";
  /** Whether it changes the flow, so that it is not offered where one may only look. */
  readonly changes?: boolean;
  readonly enabled?: (state: EditorState) => boolean;
  readonly run: (studio: Studio) => void;
}

/** Whether the command can be carried out now. */
export function isEnabled(command: Command, state: EditorState): boolean {
  return !(command.changes === true && state.readOnly) && (command.enabled?.(state) ?? true);
}

export function labelOf(command: Command, state: EditorState): string {
  return typeof command.label === "string" ? command.label : command.label(state);
}

const ON_MAC = typeof navigator !== "undefined" && /mac/i.test(navigator.userAgent);

/** Whether the keys that were pressed are those of a shortcut such as `mod+shift+Z`. */
export function isPressed(keys: string, event: KeyboardEvent): boolean {
  const parts = keys.split("+").filter((part) => part !== "");
  const key = keys.endsWith("+") ? "+" : (parts.at(-1) ?? "");
  const wants = (modifier: string) => parts.slice(0, -1).includes(modifier);
  const mod = event.ctrlKey || event.metaKey;
  const shiftMatters = key.length > 1 || /[a-z0-9]/i.test(key);
  return (
    (event.key.toLowerCase() === key.toLowerCase() || event.code === `Digit${key}`) &&
    mod === wants("mod") &&
    event.altKey === wants("alt") &&
    (!shiftMatters || event.shiftKey === wants("shift"))
  );
}

/** Keys as people read them: `Ctrl+S`. */
export function shownKeys(keys: string): string {
  return keys
    .replace("mod", ON_MAC ? "⌘" : "Ctrl")
    .replace("shift", "Shift")
    .replace("alt", "Alt")
    .replace("ArrowUp", "↑")
    .replace("ArrowDown", "↓");
}
