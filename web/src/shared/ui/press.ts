/**
 * Keeps a page still while a mouse button or a finger is down. A field that is left folds its preview and hides its
 * error: if that moved the button that was just pressed, the click would be lost.
 */
import { useEffect, useState } from "react";

let pressed = false;
let waiting: (() => void)[] = [];

/** Does something now or, while a pointer is down, once its click is over. */
export function afterPress(act: () => void): void {
  if (pressed) waiting.push(act);
  else act();
}

/** A value to show; while a pointer is down it stays as it was. */
export function useSteady<Value>(value: Value): Value {
  const [shown, setShown] = useState(() => value);
  useEffect(() => afterPress(() => setShown(() => value)), [value]);
  return shown;
}

function release(): void {
  pressed = false;
  const acts = waiting;
  waiting = [];
  acts.forEach((act) => act());
}

if (typeof window !== "undefined") {
  window.addEventListener("pointerdown", () => (pressed = true), true);
  // The click follows in the same task.
  for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => setTimeout(release), true);
  // The button may have been released outside of the window.
  window.addEventListener("pointermove", ({ buttons }) => pressed && buttons === 0 && release(), true);
}
