// @vitest-environment happy-dom
import { cleanup, render } from "@testing-library/react";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type InputEntry, readCatalogue } from "@/shared/flow/catalogue";
import { Field } from "@/studio/form/Field";
import { inForm } from "@/studio/form/formTest";

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

/** The names of a field's controls, as a screen reader has them. */
function namesOfControls(entry: InputEntry): (string | null)[] {
  const field = <Field entry={entry} value={entry.default} onSet={() => undefined} />;
  const { container } = render(inForm(field, ["total"]));
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
