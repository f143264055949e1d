import { useEffect, useLayoutEffect, useRef } from "react";
import { ExpressionPlaceProvider } from "@/studio/expressions/ExpressionPlaceProvider";
import { closeExpressionDialog } from "@/studio/expressions/dialogState";
import { preloadTemplateEditor } from "@/studio/expressions/TemplateInput";
import { FlowForm } from "@/studio/properties/FlowForm";
import { NodeForm } from "@/studio/properties/NodeForm";
import classes from "@/studio/properties/PropertiesPanel.module.css";
import { SeveralNodes } from "@/studio/properties/SeveralNodes";
import { useStableKeys } from "@/studio/form/stableKeys";
import { useEditor } from "@/studio/state/editor";
import { itemOf } from "@/shared/flow/records";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { lazyPart } from "@/shared/ui/lazyPart";

const ExpressionDialog = lazyPart(() => import("@/studio/expressions/ExpressionDialog"), "ExpressionDialog");

/** The properties of what is selected; those of the workflow where nothing is. */
export function PropertiesPanel() {
  const nodes = useEditor(({ selection }) => selection.nodes);
  const only = nodes.length === 1 ? (nodes[0] ?? null) : null;
  const keys = useStableKeys(Object.keys(useEditor(({ flow }) => flow.nodes)));
  const key = only === null ? undefined : keys.get(only);
  const node = useEditor(({ flow }) => (only === null ? undefined : itemOf(flow.nodes, only)));
  const panel = useRef<HTMLElement>(null);
  useEffect(preloadTemplateEditor, []);
  // Each step's form begins at its top.
  useLayoutEffect(() => {
    if (panel.current) panel.current.scrollTop = 0;
  }, [key]);
  return (
    <section ref={panel} className={classes.panel} aria-label="Properties">
      <ExpressionPlaceProvider node={node === undefined ? null : only}>
        {only !== null && node !== undefined ? (
          <NodeForm key={key} id={only} node={node} />
        ) : nodes.length > 1 ? (
          <SeveralNodes ids={nodes} />
        ) : (
          <FlowForm />
        )}
        <ErrorBoundary what="The editor for expressions" onClose={closeExpressionDialog}>
          <ExpressionDialog />
        </ErrorBoundary>
      </ExpressionPlaceProvider>
    </section>
  );
}
