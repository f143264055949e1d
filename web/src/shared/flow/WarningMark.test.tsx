// @vitest-environment happy-dom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { WarningMark } from "@/shared/flow/WarningMark";

afterEach(cleanup);

test("a node with warnings has a mark with the last one as its title", () => {
  render(<WarningMark warned={{ warnings: 2, warning: "An odd date." }} />);
  const mark = screen.getByRole("img", { name: "2 warnings. The last one: An odd date." });
  expect(mark.parentElement?.title).toBe("2 warnings. The last one: An odd date.");
});

test("a node without warnings has none", () => {
  render(<WarningMark warned={{}} />);
  expect(screen.queryByRole("img")).toBeNull();
});
