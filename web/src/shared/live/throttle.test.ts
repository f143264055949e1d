import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { throttled } from "@/shared/live/throttle";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("runs at once, and once more for all calls in between", () => {
  const run = vi.fn();
  const { call } = throttled(run, 1000);
  call();
  expect(run).toHaveBeenCalledTimes(1);
  for (let i = 0; i < 50; i++) call();
  vi.advanceTimersByTime(999);
  expect(run).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(5000);
  expect(run).toHaveBeenCalledTimes(2);
  call();
  expect(run).toHaveBeenCalledTimes(3);
});

test("forgets what is to come when it is cancelled", () => {
  const run = vi.fn();
  const { call, cancel } = throttled(run, 1000);
  call();
  call();
  cancel();
  vi.advanceTimersByTime(5000);
  expect(run).toHaveBeenCalledTimes(1);
});
