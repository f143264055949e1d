import { useSyncExternalStore } from "react";

/** One timer for all who want to know the time at the same step. */
class Clock {
  now = Date.now();
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly milliseconds: number) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.listeners.size === 0) {
      this.now = Date.now();
      this.timer = setInterval(this.tick, this.milliseconds);
    }
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) clearInterval(this.timer);
    };
  };

  private readonly tick = () => {
    this.now = Date.now();
    this.listeners.forEach((listener) => listener());
  };
}

const clocks = { second: new Clock(1_000), tenSeconds: new Clock(10_000) };

/** The present moment in milliseconds, kept current. */
export function useNow(step: keyof typeof clocks): number {
  const clock = clocks[step];
  return useSyncExternalStore(clock.subscribe, () => clock.now);
}
