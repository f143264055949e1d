// @vitest-environment happy-dom
import { MantineProvider } from "@mantine/core";
import { act, cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type ReactNode, useState } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { lazyPart } from "@/shared/ui/lazyPart";

beforeEach(() => {
  vi.stubGlobal(
    "fetch",
    vi.fn(() => Promise.resolve(new Response("{}"))),
  );
  // React tells the console of every error that a boundary keeps.
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Draws, and waits for what is fetched. */
async function show(children: ReactNode) {
  await act(async () => void render(<MantineProvider>{children}</MantineProvider>));
}

async function tryAgain() {
  await act(async () => screen.getByRole("button", { name: "Try again" }).click());
}

function Form({ children }: { children: ReactNode }) {
  const [text, setText] = useState("");
  return (
    <>
      <input aria-label="Draft" value={text} onChange={(event) => setText(event.currentTarget.value)} />
      {children}
    </>
  );
}

/** A module that cannot be had the first `failures` times. */
function moduleAfter(failures: number) {
  let left = failures;
  return vi.fn(() =>
    left-- > 0
      ? Promise.reject(new TypeError("Failed to fetch dynamically imported module"))
      : Promise.resolve({ Part: ({ word }: { word: string }) => <p>It says {word}.</p> }),
  );
}

it("fetches a part again that could not be had, and keeps all else", async () => {
  const load = moduleAfter(2);
  const Part = lazyPart(load, "Part");
  await show(
    <Form>
      <ErrorBoundary what="The picture" waiting={<p>A moment</p>}>
        <Part word="yes" />
      </ErrorBoundary>
    </Form>,
  );
  await userEvent.type(screen.getByLabelText("Draft"), "unsaved");
  expect(screen.getByText("The picture could not be fetched.")).toBeDefined();
  await tryAgain();
  expect(screen.getByText("The picture could not be fetched.")).toBeDefined();
  expect(load).toHaveBeenCalledTimes(2);
  await tryAgain();
  expect(screen.getByText("It says yes.")).toBeDefined();
  expect(load).toHaveBeenCalledTimes(3);
  expect(screen.getByLabelText<HTMLInputElement>("Draft").value).toBe("unsaved");
});

it("fetches a part that failed before it was wanted when it is wanted", async () => {
  const Part = lazyPart(moduleAfter(1), "Part");
  await Part.preload();
  await show(
    <ErrorBoundary>
      <Part word="later" />
    </ErrorBoundary>,
  );
  expect(screen.getByText("It says later.")).toBeDefined();
});

function Divide({ by }: { by: number }) {
  if (by === 0) throw new Error("Nothing can be divided by zero");
  return <p>{12 / by}</p>;
}

it("says what went wrong in a part, and tries it again by itself when its key changes", async () => {
  const tree = (by: number, key: number) => (
    <MantineProvider>
      <ErrorBoundary what="The quotient" resetKey={key}>
        <Divide by={by} />
      </ErrorBoundary>
      <p>Beside it</p>
    </MantineProvider>
  );
  const { rerender } = render(tree(0, 1));
  expect(screen.getByText("The quotient cannot be shown.")).toBeDefined();
  expect(screen.getByText("Nothing can be divided by zero")).toBeDefined();
  expect(screen.getByText("Beside it")).toBeDefined();
  await tryAgain();
  expect(screen.getByText("The quotient cannot be shown.")).toBeDefined();
  rerender(tree(4, 1));
  expect(screen.getByText("The quotient cannot be shown.")).toBeDefined();
  rerender(tree(4, 2));
  expect(screen.getByText("3")).toBeDefined();
});

function Opener() {
  const [open, setOpen] = useState(true);
  return (
    <ErrorBoundary what="The dialog" onClose={() => setOpen(false)}>
      {open ? <Divide by={0} /> : <p>Closed</p>}
    </ErrorBoundary>
  );
}

it("lets what has no place of its own be closed", async () => {
  await show(<Opener />);
  await userEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(screen.getByText("Closed")).toBeDefined();
  expect(screen.queryByText("The dialog cannot be shown.")).toBeNull();
});
