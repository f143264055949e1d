import type { KeyboardEvent, PointerEvent } from "react";
import classes from "@/studio/page/Studio.module.css";

const KEY_STEP = 24;

/** The border of a panel, to be dragged with the mouse or moved with the arrow keys. */
export function Grip({
  label,
  orientation,
  size,
  least,
  most,
  onSize,
}: {
  label: string;
  /** How the line runs: a vertical one changes the width. */
  orientation: "vertical" | "horizontal";
  size: number;
  least: number;
  most: number;
  onSize: (size: number) => void;
}) {
  const set = (value: number) => onSize(Math.round(Math.min(most, Math.max(least, value))));
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const element = event.currentTarget;
    const from = orientation === "vertical" ? event.clientX : event.clientY;
    element.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) =>
      set(size + from - (orientation === "vertical" ? moved.clientX : moved.clientY));
    element.addEventListener("pointermove", move);
    element.addEventListener("lostpointercapture", () => element.removeEventListener("pointermove", move), {
      once: true,
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const [more, less] = orientation === "vertical" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
    if (event.key !== more && event.key !== less) return;
    event.preventDefault();
    set(size + (event.key === more ? KEY_STEP : -KEY_STEP));
  };
  return (
    <div
      className={classes.grip}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={size}
      aria-valuemin={least}
      aria-valuemax={most}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
