/** The edit behind a field of a form: most only set the value, some have a meaning beyond it. */
import type { InputEntry } from "@/shared/flow/catalogue";
import type { FlowNode, Json } from "@/shared/flow/document";
import type { Edit } from "@/studio/model/edit";
import { setInput } from "@/studio/model/edits/fields";
import { renameLoopName } from "@/studio/model/edits/rename";
import { isRecord } from "@/studio/form/schema";

const SWITCH = "switch";

/** Sets a field. A loop's name takes all that use it along, a case of a Switch its edge. */
export function inputEdit(id: string, node: FlowNode, field: InputEntry, value: Json | undefined): Edit {
  const before = node.with[field.name] ?? field.default;
  if (field.mode === "name" && typeof before === "string") {
    const to = value ?? field.default;
    if (typeof to === "string" && to !== before) return renameLoopName(id, field.name, before, to);
  }
  if (node.do === SWITCH && field.name === "cases" && isRecord(before) && isRecord(value)) {
    const renamed = renamedKey(Object.keys(before), Object.keys(value));
    if (renamed) return renameCase(id, ...renamed, setInput(id, field.name, value));
  }
  return setInput(id, field.name, value);
}

/** The one key that differs between two lists of keys, before and after; null where more, or none, does. */
function renamedKey(before: readonly string[], after: readonly string[]): [string, string] | null {
  const gone = before.filter((name) => !after.includes(name));
  const come = after.filter((name) => !before.includes(name));
  const [from, to] = [gone[0], come[0]];
  if (from === undefined || to === undefined || gone.length + come.length > 2) return null;
  return before.indexOf(from) === after.indexOf(to) ? [from, to] : null;
}

function renameCase(id: string, from: string, to: string, set: Edit): Edit {
  return {
    ...set,
    label: "Rename case",
    apply: (flow, catalogue) => {
      const changed = set.apply(flow, catalogue);
      const edges = changed.edges.map((edge) =>
        edge.source === id && edge.port === from ? { ...edge, port: to } : edge,
      );
      return { ...changed, edges };
    },
  };
}
