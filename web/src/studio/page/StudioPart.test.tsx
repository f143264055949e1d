// @vitest-environment happy-dom
import { MantineProvider } from "@mantine/core";
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { readCatalogue } from "@/shared/flow/catalogue";
import { emptyFlow } from "@/shared/flow/document";
import { StudioPart } from "@/studio/page/StudioPart";
import { createEditor, EditorContext, useEditor } from "@/studio/state/editor";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

/** Cannot draw workflows of one name. */
function Picky() {
  const name = useEditor(({ flow }) => flow.name);
  if (name === "Odd") throw new Error("An odd name");
  return <p>{name}</p>;
}

it("shows a part again when the edit is undone that it could not draw", () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const flow = emptyFlow("Even");
  const store = createEditor({ workflowId: "1", catalogue: readCatalogue([]), flow, basedOn: 1, readOnly: false });
  render(
    <MantineProvider>
      <EditorContext value={store}>
        <StudioPart what="The canvas">
          <Picky />
        </StudioPart>
      </EditorContext>
    </MantineProvider>,
  );
  act(() => store.actions.perform({ label: "Rename", apply: (before) => ({ ...before, name: "Odd" }) }));
  expect(screen.getByText("The canvas cannot be shown.")).toBeDefined();
  expect(store.getState().flow.name).toBe("Odd");
  act(() => store.actions.undo());
  expect(screen.getByText("Even")).toBeDefined();
});
