import { type MouseEvent, useRef } from "react";

const DOUBLE_CLICK_MILLISECONDS = 500;
const SAME_PLACE_PIXELS = 12;

interface Click {
  readonly at: number;
  readonly x: number;
  readonly y: number;
  readonly button: Element | null;
}

/**
 * A handler for the capture phase of clicks on buttons that take each other's place, such as Run and Stop: the second
 * half of a double click does not reach a button that appeared under the pointer meanwhile.
 */
export function useSingleClicks(): (event: MouseEvent) => void {
  const last = useRef<Click | null>(null);
  return (event) => {
    if (event.detail === 0) return; // By the keyboard.
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const click = { at: event.timeStamp, x: event.clientX, y: event.clientY, button };
    const before = last.current;
    const isSecond =
      before !== null &&
      before.button !== button &&
      click.at - before.at < DOUBLE_CLICK_MILLISECONDS &&
      Math.hypot(click.x - before.x, click.y - before.y) < SAME_PLACE_PIXELS;
    if (!isSecond) last.current = click;
    else {
      event.stopPropagation();
      event.preventDefault();
    }
  };
}
