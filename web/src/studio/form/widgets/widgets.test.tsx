// @vitest-environment happy-dom
import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { readCatalogue } from "@/shared/flow/catalogue";
import { emptyFlow, type Json, type JsonObject } from "@/shared/flow/document";
import { FormContext } from "@/studio/form/formContext";
import { ValueEditor } from "@/studio/form/ValueEditor";
import { createEditor, EditorContext } from "@/studio/state/editor";

const editor = createEditor({
  workflowId: "",
  catalogue: readCatalogue([]),
  flow: emptyFlow("Form"),
  basedOn: 1,
  readOnly: false,
});

// A text area that grows listens for fonts, which this browser's likeness has not.
Object.defineProperty(document, "fonts", { value: new EventTarget() });
afterEach(cleanup);

/** Shows the editor of a value, with a place to go to when it is left; gives the way to read the value. */
function edit(schema: JsonObject, begin?: Json, fallback?: Json) {
  let now = begin;
  function Form() {
    const [value, setValue] = useState(begin);
    const onChange = (changed: Json | undefined) => setValue((now = changed));
    return <ValueEditor {...{ schema, value, onChange, fallback }} label="Value" path="value" />;
  }
  render(
    <MantineProvider env="test">
      <EditorContext value={editor}>
        <FormContext value={{ readOnly: false, problems: [], variables: [], called: null }}>
          <Form />
          <button type="button">Elsewhere</button>
        </FormContext>
      </EditorContext>
    </MantineProvider>,
  );
  return () => now;
}

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
