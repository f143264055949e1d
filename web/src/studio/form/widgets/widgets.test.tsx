// @vitest-environment happy-dom
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import type { Json, JsonObject } from "@/shared/flow/document";
import { setLocale } from "@/shared/format/locale";
import { inForm } from "@/studio/form/formTest";
import { ValueEditor } from "@/studio/form/ValueEditor";

// This likeness tells of a changed selection at once, while the editor still changes itself; browsers do so later.
const dispatch = document.dispatchEvent.bind(document);
vi.spyOn(document, "dispatchEvent").mockImplementation((event) => event.type === "selectionchange" || dispatch(event));

/** Shows the editor of a value, with a place to go to when it is left; gives the way to read the value. */
function edit(schema: JsonObject, begin?: Json, fallback?: Json) {
  let now = begin;
  function Form() {
    const [value, setValue] = useState(begin);
    const onChange = (changed: Json | undefined) => setValue((now = changed));
    return <ValueEditor {...{ schema, value, onChange, fallback }} label="Value" path="value" />;
  }
  render(
    inForm(
      <>
        <Form />
        <button type="button">Elsewhere</button>
      </>,
    ),
  );
  return () => now;
}

describe("a number", () => {
  const typed = async (text: string, schema: JsonObject = { type: "integer", minimum: 0 }, begin?: Json) => {
    const value = edit(schema, begin);
    await userEvent.click(screen.getByLabelText("Value"));
    await userEvent.keyboard(text);
    await userEvent.tab();
    return { value, field: screen.getByLabelText<HTMLInputElement>("Value") };
  };

  it("keeps what is no number in sight, and says so", async () => {
    const { value, field } = await typed("abc");
    expect(field.value).toBe("abc");
    expect(screen.getByText("Enter a whole number.")).toBeDefined();
    expect(value()).toBeUndefined();
  });

  it("never makes another number of one that is out of bounds", async () => {
    const { value, field } = await typed("-1");
    expect([value(), field.value]).toEqual([-1, "-1"]);
    expect(screen.getByText("Enter 0 or more.")).toBeDefined();
  });

  it("says how it read a number, and offers the other one", async () => {
    const { value } = await typed("1,500", { type: "number" });
    expect(value()).toBe(1500);
    await userEvent.click(screen.getByLabelText("Value"));
    await userEvent.clear(screen.getByLabelText("Value"));
    await userEvent.keyboard("1,500");
    expect(screen.getByText(/^Read as 1500/)).toBeDefined();
    await userEvent.click(screen.getByText("Use 1.5 instead"));
    expect(value()).toBe(1.5);
  });

  it("asks which of two is meant, and never changes a number that is too long", async () => {
    setLocale("fr");
    const { value, field } = await typed("1.500", { type: "number" });
    expect([value(), field.value]).toEqual([undefined, "1.500"]);
    await userEvent.click(screen.getByText("1500"));
    expect(value()).toBe(1500);
    setLocale(undefined);
    cleanup();
    const long = await typed("9".repeat(20), { type: "number" });
    expect([long.value(), long.field.value]).toEqual([undefined, "9".repeat(20)]);
    expect(screen.getByText(/more digits than can be kept/)).toBeDefined();
  });

  it("reads a comma, and steps by the arrows as far as the bounds allow", async () => {
    expect((await typed("1,5", { type: "number" })).value()).toBe(1.5);
    cleanup();
    expect((await typed("{ArrowDown}{ArrowDown}{ArrowDown}", undefined, 2)).value()).toBe(0);
  });
});

describe("a value of any type", () => {
  const kind = () => screen.getByLabelText(/^Type of Value/).getAttribute("aria-label");
  // The editor of texts is fetched when somebody begins; until it is here, a plain field takes what is typed.
  const typed = async (text: string, schema: JsonObject = {}, begin?: Json) => {
    const value = edit(schema, begin);
    await userEvent.click(screen.getByLabelText("Value"));
    await userEvent.keyboard(text);
    await userEvent.click(screen.getByText("Elsewhere"));
    return value;
  };

  it("is a number where one was typed, when it is left", async () => {
    const value = await typed("42");
    await waitFor(() => expect(value()).toBe(42));
    expect(kind()).toBe("Type of Value: Number");
  });

  it("becomes a text where what is typed over a number is none", async () => {
    const value = await typed("x", {}, 42);
    await waitFor(() => expect(value()).toBe("42x"));
    expect(kind()).toBe("Type of Value: Text or expression");
  });

  it("stays a text that only looks like a number, or that counts as one", async () => {
    expect((await typed("007"))()).toBe("007");
    cleanup();
    expect((await typed("42", { "x-text-counts": true }))()).toBe("42");
    expect(screen.queryByText(/^This is text/)).toBeNull();
  });

  it("says that a number in a text is a text, and makes it one when asked to", async () => {
    const value = edit({}, "42");
    expect(kind()).toBe("Type of Value: Text or expression");
    await userEvent.click(screen.getByText("Use the number 42"));
    expect(value()).toBe(42);
    await userEvent.click(screen.getByLabelText(/^Type of Value/));
    await userEvent.click(await screen.findByText("Text or expression"));
    expect(value()).toBe("42");
    expect(screen.getByText("Use the number 42")).toBeDefined();
  });
});

describe("a list", () => {
  it("gives the focus to the item that is added", async () => {
    const value = edit({ type: "array", items: { type: "string" } });
    await userEvent.click(screen.getByText("Add item"));
    await userEvent.keyboard("abc");
    await waitFor(() => expect(value()).toEqual(["abc"]));
  });
});

describe("a choice that others may be written for", () => {
  const schema = {
    type: "string",
    "x-choices": [
      { value: "auto", title: "Automatic" },
      { value: ";", title: "Semicolon: ;" },
    ],
  };
  const begun = async (typed: string) => {
    const value = edit(schema, undefined, "auto");
    const field = screen.getByLabelText<HTMLInputElement>("Value", { selector: "input" });
    await userEvent.click(field);
    await userEvent.keyboard(typed);
    return { value, field };
  };

  it.each([
    ["Tab", () => userEvent.tab()],
    ["Enter", () => userEvent.keyboard("{Enter}")],
    ["a click elsewhere", () => userEvent.click(screen.getByText("Elsewhere"))],
  ])("keeps what was typed on %s", async (_name, leave) => {
    const { value, field } = await begun("#");
    await leave();
    expect(value()).toBe("#");
    expect(field.value).toBe("#");
    expect(field.getAttribute("aria-expanded")).toBe("false");
  });

  it("takes a typed value or label for the choice that has it", async () => {
    const { value, field } = await begun(";");
    await userEvent.tab();
    expect(value()).toBe(";");
    expect(field.value).toBe("Semicolon: ;");
  });

  it("changes nothing where nothing was typed, and on Escape", async () => {
    const { value, field } = await begun("{Tab}");
    await userEvent.click(field);
    await userEvent.keyboard("#{Escape}");
    await userEvent.tab();
    expect(value()).toBeUndefined();
    expect(field.value).toBe("Automatic");
  });
});
