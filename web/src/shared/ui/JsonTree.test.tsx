// @vitest-environment happy-dom
import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { JsonTree } from "@/shared/ui/JsonTree";

afterEach(cleanup);

it("closes an open table on Escape, before the page around does anything", async () => {
  const around = vi.fn((event: KeyboardEvent) => event.defaultPrevented);
  window.addEventListener("keydown", around);
  const rows = { columns: ["sku"], rows: [["A1"]], length: 1 };
  render(
    <MantineProvider>
      <JsonTree value={{ rows }} open={1} />
    </MantineProvider>,
  );
  await userEvent.click(screen.getByRole("button", { expanded: false }));
  expect(screen.getByText("A1")).toBeDefined();
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByText("A1")).toBeNull();
  await userEvent.keyboard("{Escape}");
  expect(around.mock.results.map(({ value }) => value as boolean)).toEqual([true, false]);
  window.removeEventListener("keydown", around);
});
