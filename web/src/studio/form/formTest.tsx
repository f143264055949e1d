/** What tests of fields and their editors share. */
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, vi } from "vitest";
import { readCatalogue } from "@/shared/flow/catalogue";
import { emptyFlow } from "@/shared/flow/document";
import { FormContext } from "@/studio/form/formContext";
import { createEditor, EditorContext } from "@/studio/state/editor";

// Nothing answers here.
vi.stubGlobal("fetch", () => new Promise(() => undefined));

// A text area that grows listens for fonts, which this browser's likeness has not.
Object.defineProperty(document, "fonts", { value: new EventTarget() });
afterEach(cleanup);

const client = new QueryClient();
const editor = createEditor({
  workflowId: "",
  catalogue: readCatalogue([]),
  flow: emptyFlow("Form"),
  basedOn: 1,
  readOnly: false,
});

/** Something as it stands in the form of a step that calls nothing. */
export function inForm(children: ReactNode, variables: readonly string[] = []): ReactNode {
  return (
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <EditorContext value={editor}>
          <FormContext value={{ readOnly: false, problems: [], variables, called: null }}>{children}</FormContext>
        </EditorContext>
      </QueryClientProvider>
    </MantineProvider>
  );
}
