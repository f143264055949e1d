import { freshName, takenNames } from "@/studio/model/names";
import { useEditorActions, useEditorStore } from "@/studio/state/editor";
import { declarationsOf, type Section, SECTIONS } from "@/studio/variables/declarations";
import { newest } from "@/studio/variables/newest";

/** Declares something new, opens the panel for it, and gives its name the focus. */
export function useAddDeclaration(): (section: Section) => void {
  const store = useEditorStore();
  const { perform, openPanel } = useEditorActions();
  return (section) => {
    const { flow, catalogue } = store.getState();
    const { freshName: base, set } = SECTIONS[section];
    const own = new Set(Object.keys(declarationsOf(flow, section)));
    // Outputs have names of their own: one may be called like the variable that it gives.
    const name = freshName(base, section === "outputs" ? own : takenNames(flow, catalogue));
    perform(set(name, { type: "text" }));
    newest.setState({ declared: { section, name } });
    openPanel("bottom", "variables");
  };
}
