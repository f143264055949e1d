import { useEffect, useEffectEvent } from "react";
import { isTyping } from "@/shared/ui/shortcuts";

/** Closes something on Escape before the page around does what Escape means to it: one press closes one thing. */
export function useEscape(open: boolean, onClose: () => void): void {
  const close = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented || isTyping(event)) return;
    event.preventDefault();
    onClose();
  });
  useEffect(() => {
    if (!open) return undefined;
    const listener = (event: KeyboardEvent) => close(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, [open]);
}
