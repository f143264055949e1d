// @vitest-environment happy-dom
import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";
import { Section } from "@/studio/form/Section";

afterEach(cleanup);

const show = (name?: string) =>
  render(
    <MantineProvider>
      <Section title="More" {...(name !== undefined && { name })}>
        <p>Content</p>
      </Section>
    </MantineProvider>,
  );

it("stays open for the next step where it has a name, and is closed there where it has none", async () => {
  for (const [name, stays] of [
    ["fields", true],
    [undefined, false],
  ] as const) {
    const { unmount } = show(name);
    await userEvent.click(screen.getByRole("button"));
    expect(screen.getByText("Content")).toBeDefined();
    unmount();
    show(name);
    expect(screen.queryByText("Content") !== null).toBe(stays);
    cleanup();
  }
});
