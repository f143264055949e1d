import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { patiently } from "@/shared/api/patiently";

let answers: boolean;

beforeEach(() => {
  answers = true;
  vi.useFakeTimers();
  // Nothing was heard of the Hub for a while.
  vi.advanceTimersByTime(60_000);
  vi.stubGlobal(
    "fetch",
    vi.fn(() => (answers ? Promise.resolve(new Response("{}")) : Promise.reject(new TypeError("no Hub")))),
  );
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("asks for nothing while the Hub is away", async () => {
  answers = false;
  const load = vi.fn(() => Promise.resolve("part"));
  const loading = patiently(load);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(load).not.toHaveBeenCalled();
  answers = true;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await loading).toBe("part");
  expect(load).toHaveBeenCalledTimes(1);
});

it("loads again what failed because the Hub went away meanwhile", async () => {
  const load = vi.fn(() => Promise.resolve("part"));
  load.mockImplementationOnce(() => {
    answers = false;
    return Promise.reject(new TypeError("Failed to fetch"));
  });
  const loading = patiently(load);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(load).toHaveBeenCalledTimes(1);
  answers = true;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await loading).toBe("part");
});

it("gives up what fails although the Hub answers", async () => {
  const load = vi.fn(() => Promise.reject(new TypeError("Failed to fetch")));
  await expect(patiently(load)).rejects.toThrow("Failed to fetch");
  expect(load).toHaveBeenCalledTimes(1);
});
