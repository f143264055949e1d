// @vitest-environment happy-dom
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render } from "@testing-library/react";
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { type InputEntry, readCatalogue } from "@/shared/flow/catalogue";
import { emptyFlow } from "@/shared/flow/document";
import { Field } from "@/studio/form/Field";
import { FormContext } from "@/studio/form/formContext";
import { createEditor, EditorContext } from "@/studio/state/editor";

const CONTROLS = "input, textarea, [role=textbox], [role=switch], button";
// Vitest runs in the folder of the pages.
const contract = readFileSync("../contract/catalog.json", "utf8");
const built = readCatalogue(JSON.parse(contract) as object[]).entries;

/** An activity of a package that nobody here knows, with a widget of the future. */
const [foreign] = readCatalogue([
  {
    id: "acme.teleport",
    inputs: [
      { name: "to", schema: { type: "string", "x-widget": "galaxy" }, required: true },
      { name: "speed", schema: { anyOf: [{ type: "integer" }, { type: "null" }] } },
      { name: "crew", schema: { type: "array", items: { type: "object", properties: { name: { type: "string" } } } } },
      { name: "mood", schema: { enum: ["calm", 7, null] } },
      { name: "strange", schema: { type: ["string", "array"], if: {}, allOf: 3 } },
    ].map((input) => ({ title: input.name, description: "", ...input })),
  },
]).entries;

const client = new QueryClient();
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

/** The names of a field's controls, as a screen reader has them. */
function namesOfControls(entry: InputEntry): (string | null)[] {
  const { container } = render(
    <MantineProvider>
      <QueryClientProvider client={client}>
        <EditorContext value={editor}>
          <FormContext value={{ readOnly: false, problems: [], variables: ["total"], called: null }}>
            <Field entry={entry} value={entry.default} onSet={() => undefined} />
          </FormContext>
        </EditorContext>
      </QueryClientProvider>
    </MantineProvider>,
  );
  const controls = [...container.querySelectorAll(CONTROLS)].filter(
    (control) => control.getAttribute("type") !== "hidden" && control.getAttribute("tabindex") !== "-1",
  );
  return controls.map((control) => control.getAttribute("aria-label") ?? (control.textContent || null));
}

describe("every field has a control, and every control a name", () => {
  it.each([...built, ...(foreign ? [foreign] : [])])("$id", ({ inputs }) => {
    for (const input of inputs) {
      const names = namesOfControls(input);
      expect(names.length, input.name).toBeGreaterThan(0);
      expect(names, input.name).not.toContain(null);
      cleanup();
    }
  });
});
