import { Skeleton } from "@mantine/core";
import { CalledEditor } from "@/studio/called/CalledEditor";
import { PropertiesPanel } from "@/studio/properties/PropertiesPanel";
import { useEditor } from "@/studio/state/editor";

/** The properties of what is selected on the canvas, also in a called workflow. */
export function ShownProperties() {
  const calls = useEditor((state) => state.calls);
  const node = useEditor((state) => state.calledNode);
  if (calls.length === 0) return <PropertiesPanel />;
  return (
    <CalledEditor calls={calls} node={node} waiting={<Skeleton height="100%" />}>
      <PropertiesPanel />
    </CalledEditor>
  );
}
