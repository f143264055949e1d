import type { Icon } from "@tabler/icons-react";
import { createContext } from "react";
import type { Studio } from "@/studio/core/studio";
import type { EditorState } from "@/studio/state/editor";

/** Something that one can do in Studio. The toolbar, its menu and the keyboard read the same list. */
export interface Command {
  readonly name: string;
  readonly label: string | ((state: EditorState) => string);
  readonly icon?: Icon;
  /** Keys as `isPressed` reads them: `mod+S`, `Delete`, `shift+F10`; `mod` is Ctrl, on a Mac Command. */
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
  /** Whether it is about the steps of the workflow itself: it rests while a called one is looked at. */
  readonly own?: boolean;
  readonly enabled?: (state: EditorState) => boolean;
  readonly run: (studio: Studio) => void;
}

/** All commands of the Studio page around, for what offers some of them. */
export const CommandsContext = createContext<readonly Command[]>([]);

/** Whether the command can be carried out now. */
export function isEnabled(command: Command, state: EditorState): boolean {
  if (command.changes === true && state.readOnly) return false;
  if (command.own === true && state.calls.length > 0) return false;
  return command.enabled?.(state) ?? true;
}

export function labelOf(command: Command, state: EditorState): string {
  return typeof command.label === "string" ? command.label : command.label(state);
}

const ON_MAC = typeof navigator !== "undefined" && /mac/i.test(navigator.userAgent);

/** Keys as people read them: `Ctrl+S`. */
export function shownKeys(keys: string): string {
  return keys
    .replace("mod", ON_MAC ? "⌘" : "Ctrl")
    .replace("shift", "Shift")
    .replace("alt", "Alt")
    .replace("ArrowUp", "↑")
    .replace("ArrowDown", "↓");
}
