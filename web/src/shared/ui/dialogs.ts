import { type ReactNode, useSyncExternalStore } from "react";

/** A dialog that is opened by a function instead of standing in a page's own tree. */
interface Dialog {
  readonly id: number;
  readonly title: string;
  readonly content: ReactNode;
  readonly opened: boolean;
}

let dialogs: readonly Dialog[] = [];
let latest = 0;
const listeners = new Set<() => void>();

function change(next: readonly Dialog[]): void {
  dialogs = next;
  listeners.forEach((listener) => listener());
}

/** Opens a dialog; its content is given the way to close it. `Dialogs` draws it, and is fetched when one is opened. */
export function openDialog(title: string, content: (close: () => void) => ReactNode): void {
  latest += 1;
  const id = latest;
  change([...dialogs, { id, title, content: content(() => closeDialog(id)), opened: true }]);
}

/** Closes a dialog; it is still drawn while it fades. */
export function closeDialog(id: number): void {
  change(dialogs.map((dialog) => (dialog.id === id ? { ...dialog, opened: false } : dialog)));
}

/** Forgets a dialog that has faded. */
export function forgetDialog(id: number): void {
  change(dialogs.filter((dialog) => dialog.id !== id));
}

/** Forgets all of them at once. */
export function forgetDialogs(): void {
  change([]);
}

/** All dialogs, the one in front last. */
export function useDialogs(): readonly Dialog[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => dialogs,
  );
}
