// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useLiveExecution } from "@/features/executions/one/liveExecution";
import type { ExecutionDetail } from "@/features/executions/queries";

/** A stream in the hands of the test. */
class FakeStream extends EventTarget {
  static last: FakeStream;
  static readonly CLOSED = 2;
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly url: string) {
    super();
    FakeStream.last = this;
  }

  close() {
    this.readyState = FakeStream.CLOSED;
  }

  tell(name: string, data: object, id = "") {
    if (this.readyState === FakeStream.CLOSED) return;
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data), lastEventId: id }));
  }
}

beforeEach(() => vi.stubGlobal("EventSource", FakeStream));
afterEach(() => vi.unstubAllGlobals());

const execution = (changes: Partial<ExecutionDetail>) =>
  ({ id: "e", state: "RUNNING", last_sequence: 4, ...changes }) as ExecutionDetail;

function follow(first: ExecutionDetail) {
  const client = new QueryClient();
  const invalidate = vi.spyOn(client, "invalidateQueries");
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const hook = renderHook(useLiveExecution, { wrapper, initialProps: first });
  const heard: number[] = [];
  hook.result.current.hear((_event, sequence) => heard.push(sequence));
  return { ...hook, heard, invalidate };
}

test("hears the last events though the page has already read that it ended", () => {
  const { heard, rerender, invalidate } = follow(execution({}));
  const stream = FakeStream.last;
  expect(stream.url).toBe("/api/executions/e/stream?last_event_id=4");
  stream.tell("node.entered", { event: "node.entered", node: "a" }, "5");
  rerender(execution({ state: "COMPLETED", last_sequence: 6 }));
  stream.tell("node.left", { event: "node.left", node: "a" }, "6");
  expect(heard).toEqual([5, 6]);
  invalidate.mockClear();
  act(() => stream.tell("state", { state: "COMPLETED" }));
  expect(invalidate).toHaveBeenCalledTimes(1);
  expect(stream.readyState).toBe(FakeStream.CLOSED);
});

test("reads again once it listens: something may have come in between", () => {
  const { invalidate } = follow(execution({ state: "QUEUED", last_sequence: 0 }));
  expect(invalidate).not.toHaveBeenCalled();
  FakeStream.last.onopen?.();
  expect(invalidate).toHaveBeenCalledWith({ queryKey: ["executions", "one", "e"] });
});
