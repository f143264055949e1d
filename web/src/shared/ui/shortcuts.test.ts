import { expect, test } from "vitest";
import { isPressed } from "@/shared/ui/shortcuts";

const press = (key: string, modifiers: Partial<KeyboardEvent> = {}) =>
  ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers }) as KeyboardEvent;

test("Ctrl is Command on a Mac, and other modifiers are other keys", () => {
  expect(isPressed(press("k", { ctrlKey: true }), "Ctrl+k")).toBe(true);
  expect(isPressed(press("K", { metaKey: true }), "Ctrl+k")).toBe(true);
  expect(isPressed(press("k", { ctrlKey: true, shiftKey: true }), "Ctrl+k")).toBe(false);
  expect(isPressed(press("k"), "Ctrl+k")).toBe(false);
  expect(isPressed(press("n", { ctrlKey: true }), "n")).toBe(false);
});

test("signs are what was typed, with whatever keys", () => {
  expect(isPressed(press("?", { shiftKey: true }), "?")).toBe(true);
  expect(isPressed(press("+", { ctrlKey: true }), "Ctrl++")).toBe(true);
  expect(isPressed(press("Delete", { shiftKey: true }), "Delete")).toBe(false);
});
