// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { useSingleClicks } from "@/studio/run/useSingleClicks";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

/** Debug, and once it runs Stop in its place. */
function Bar({ onStop, onStep }: { onStop: () => void; onStep: () => void }) {
  const [live, setLive] = useState(false);
  return (
    <div onClickCapture={useSingleClicks()}>
      {live ? (
        <button key="stop" onClick={onStop}>
          Stop
        </button>
      ) : (
        <button key="debug" onClick={() => setLive(true)}>
          Debug
        </button>
      )}
      <button onClick={onStep}>Step over</button>
    </div>
  );
}

function click(name: string, { at, x = 100, detail = 1 }: { at: number; x?: number; detail?: number }) {
  const event = new MouseEvent("click", { bubbles: true, cancelable: true, clientX: x, clientY: 20, detail });
  Object.defineProperty(event, "timeStamp", { value: at });
  fireEvent(screen.getByText(name), event);
}

function shown() {
  const onStop = vi.fn();
  const onStep = vi.fn();
  render(<Bar onStop={onStop} onStep={onStep} />);
  return { onStop, onStep };
}

test("a double click on Debug does not stop what it started", () => {
  const { onStop } = shown();
  click("Debug", { at: 1_000 });
  click("Stop", { at: 1_200, x: 103, detail: 2 });
  expect(onStop).not.toHaveBeenCalled();
  click("Stop", { at: 1_600 });
  expect(onStop).toHaveBeenCalledTimes(1);
});

test("who goes to another place, or uses the keyboard, means it", () => {
  const { onStop } = shown();
  click("Debug", { at: 1_000 });
  click("Stop", { at: 1_100, x: 160 });
  click("Stop", { at: 1_150, detail: 0 });
  expect(onStop).toHaveBeenCalledTimes(2);
});

test("the same button can be clicked as fast as one likes", () => {
  const { onStep } = shown();
  for (const at of [1_000, 1_100, 1_200]) click("Step over", { at });
  expect(onStep).toHaveBeenCalledTimes(3);
});
