// @vitest-environment happy-dom
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { readCatalogue } from "@/shared/flow/catalogue";
import { emptyFlow, START, type Flow, type JsonObject } from "@/shared/flow/document";
import { ExpressionPlaceContext } from "@/studio/expressions/names";
import { Field } from "@/studio/form/Field";
import { FormContext } from "@/studio/form/formContext";
import { setInput } from "@/studio/model/edits/fields";
import { createEditor, EditorContext, useEditor } from "@/studio/state/editor";

// Nothing answers here.
vi.stubGlobal("fetch", () => new Promise(() => undefined));
// A text area that grows listens for fonts, which this browser's likeness has not.
Object.defineProperty(document, "fonts", { value: new EventTarget() });
afterEach(cleanup);

// Vitest runs in the folder of the pages.
const catalogue = readCatalogue(JSON.parse(readFileSync("../contract/catalog.json", "utf8")) as object[]);
const SEEN = { read: { rows: { columns: ["order", "amount"], rows: [], length: 0 } } };

const flow = (fields: JsonObject): Flow => ({
  ...emptyFlow("Form"),
  nodes: {
    read: { do: "csv.read", with: { path: "orders.csv" } },
    kept: { do: "data.filter", with: { rows: "{read.rows}" } },
    step: { do: "data.sort", with: fields },
  },
  edges: ["read", "kept", "step"].map((target, place, all) => ({
    source: all[place - 1] ?? START,
    port: "next",
    target,
  })),
});

/** Shows one field of the last step; gives the way to read what the step holds. */
function show(name: string, fields: JsonObject) {
  const editor = createEditor({ workflowId: "", catalogue, flow: flow(fields), basedOn: 1, readOnly: false });
  const input = catalogue.get("data.sort")?.inputs.find((other) => other.name === name);
  if (input === undefined) throw new Error(`There is no input ${name}.`);
  function Form() {
    const value = useEditor((state) => state.flow.nodes.step?.with[name]);
    return (
      <Field
        entry={input as never}
        value={value}
        onSet={(_, next) => editor.actions.perform(setInput("step", name, next))}
      />
    );
  }
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <EditorContext value={editor}>
          <FormContext value={{ readOnly: false, node: "step", problems: [], variables: [], called: null }}>
            <ExpressionPlaceContext
              value={{
                names: [],
                functions: [],
                scope: { values: SEEN, exact: true, missing: [] },
                known: true,
                want: () => undefined,
              }}
            >
              <Form />
            </ExpressionPlaceContext>
          </FormContext>
        </EditorContext>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return () => editor.getState().flow.nodes.step?.with[name];
}

describe("a field that takes a result", () => {
  it("names it, and lets another one be chosen", async () => {
    const value = show("rows", { rows: "{kept.rows}" });
    await userEvent.click(screen.getByRole("button", { name: "Rows: Rows from Filter table" }));
    const menu = await screen.findByRole("menu");
    expect(
      within(menu)
        .getAllByRole("menuitemradio")
        .map(({ textContent }) => textContent),
    ).toEqual(["Rows from Filter table", "Others from Filter table", "Rows from Read CSV"]);
    await userEvent.click(within(menu).getByRole("menuitemradio", { name: "Rows from Read CSV" }));
    expect(value()).toBe("{read.rows}");
    expect(screen.getByRole("button", { name: "Rows: Rows from Read CSV" })).toBeDefined();
  });

  it("becomes an expression where somebody wants to write one", async () => {
    show("rows", { rows: "{kept.rows}" });
    await userEvent.click(screen.getByRole("button", { name: "Rows: Rows from Filter table" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Write an expression" }));
    await waitFor(() => expect(screen.getByRole("textbox", { name: "Rows" })).toBeDefined());
  });

  it("suggests what fits where it is empty", async () => {
    const value = show("rows", {});
    const offered = within(screen.getByRole("group", { name: "Suggestions for Rows" }));
    await userEvent.click(offered.getByRole("button", { name: "Rows from Read CSV" }));
    expect(value()).toBe("{read.rows}");
  });

  it("shows any other expression as it is written", () => {
    show("rows", { rows: "{kept.rows[:5]}" });
    expect(screen.getByRole("textbox", { name: "Rows" }).textContent).toContain("kept.rows[:5]");
  });
});

describe("a field that names a column", () => {
  it("offers those of the table", async () => {
    const value = show("by", { rows: "{kept.rows}" });
    await userEvent.click(screen.getByRole("combobox", { name: "By, item 1, Column" }));
    await userEvent.click(await screen.findByRole("option", { name: "amount" }));
    expect(value()).toEqual([{ column: "amount" }]);
  });

  it("takes any other name", async () => {
    const value = show("by", { rows: "{kept.rows}" });
    await userEvent.type(screen.getByRole("combobox", { name: "By, item 1, Column" }), "no");
    expect(value()).toEqual([{ column: "no" }]);
  });

  it("sorts from large to small by one switch", async () => {
    const value = show("by", { rows: "{kept.rows}", by: [{ column: "amount" }] });
    await userEvent.click(screen.getByRole("switch", { name: "By, item 1, Descending" }));
    expect(value()).toEqual([{ column: "amount", descending: true }]);
  });

  it("offers all columns where one is chosen already", async () => {
    show("by", { rows: "{kept.rows}", by: [{ column: "amount" }] });
    await userEvent.click(screen.getByRole("combobox", { name: "By, item 1, Column" }));
    expect((await screen.findAllByRole("option")).map(({ textContent }) => textContent)).toEqual(["order", "amount"]);
  });

  it("takes an expression", async () => {
    const value = show("by", { rows: "{kept.rows}", by: [{ column: "{wanted}" }] });
    expect(screen.getByRole("textbox", { name: "By, item 1, Column" }).textContent).toBe("{wanted}");
    expect(value()).toEqual([{ column: "{wanted}" }]);
  });
});
