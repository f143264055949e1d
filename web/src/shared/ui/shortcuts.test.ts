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

test("Shift makes another shortcut of a letter, and finds the key of a digit", () => {
  expect(isPressed(press("Z", { ctrlKey: true, shiftKey: true }), "mod+shift+Z")).toBe(true);
  expect(isPressed(press("z", { ctrlKey: true }), "mod+shift+Z")).toBe(false);
  expect(isPressed(press("N", { shiftKey: true }), "n")).toBe(false);
  expect(isPressed(press("N", { shiftKey: true }), "shift+N")).toBe(true);
  expect(isPressed(press("!", { shiftKey: true, code: "Digit1" }), "shift+1")).toBe(true);
  expect(isPressed(press("F10", { shiftKey: true }), "shift+F10")).toBe(true);
});
