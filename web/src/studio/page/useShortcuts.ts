import { useEffect } from "react";
import { isPressed } from "@/shared/ui/shortcuts";
import { isEnabled } from "@/studio/core/command";
import { commands } from "@/studio/page/commands";
import { useStudio } from "@/studio/core/studio";

/** Lets the keyboard reach every command that has keys. In text fields only those that say so. */
export function useShortcuts(): void {
  const studio = useStudio();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const writing = isWriting(event.target);
      for (const command of commands) {
        if (command.byBrowser || (writing && !command.everywhere)) continue;
        if (!command.keys?.some((keys) => isPressed(event, keys))) continue;
        event.preventDefault();
        takeTyped(event.target);
        if (isEnabled(command, studio.store.getState())) command.run(studio);
        return;
      }
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [studio]);
}

/** Lets a field give what was typed into it: some do so only when they are left. */
function takeTyped(field: EventTarget | null): void {
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  field.blur();
  field.focus();
}

/** Whether keys are meant for what has the focus: a field, an editor, a dialog. */
function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const field = target.closest("input, textarea, select, [contenteditable=true], [role=dialog], [role=menu]");
  return field !== null;
}
