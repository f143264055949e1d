import { Autocomplete, type OptionsFilter } from "@mantine/core";
import { useState } from "react";
import type { Json } from "@/shared/flow/document";
import { itemOf } from "@/shared/flow/records";
import { isTablePreview, useExpressionPlace } from "@/studio/expressions/names";
import { pathOf, valueAt } from "@/studio/expressions/reading";
import { isOpen } from "@/studio/form/fieldMode";
import { useForm } from "@/studio/form/formContext";
import { TextField } from "@/studio/form/widgets/TextField";
import { emptied, inputProps, type WidgetProps } from "@/studio/form/widgets/widget";
import { columnsOf } from "@/studio/model/columns";
import { useEditor } from "@/studio/state/editor";

const MOST_SHOWN = 200;
const everything: OptionsFilter = ({ options }) => options;

/** The names that hold what was typed; none once it is the whole of one: nothing then lies over the fields below. */
const narrowed: OptionsFilter = ({ options, search }) => {
  const wanted = search.trim().toLowerCase();
  const labels = options.map((option) => ("label" in option ? option.label : ""));
  return labels.includes(search) ? [] : options.filter((_, place) => labels[place]?.toLowerCase().includes(wanted));
};

/** The name of a column: one of the table's, as far as they are known, or any text, with expressions as everywhere. */
export function ColumnWidget(props: WidgetProps) {
  const { value, onChange, path, shape } = props;
  const { want } = useExpressionPlace();
  const [begun, setBegun] = useState(false);
  const [typed, setTyped] = useState(false);
  const columns = useColumns(String(shape.schema["x-table"]), begun);
  if (isOpen(value)) return <TextField {...props} autoFocus={props.autoFocus || typed} />;
  const text = typeof value === "string" ? value : "";
  return (
    <Autocomplete
      {...inputProps(props)}
      placeholder="Name of a column"
      value={text}
      data={[...columns]}
      limit={MOST_SHOWN}
      // The present name hides no other: somebody may be here to choose another one.
      filter={typed ? narrowed : everything}
      onFocus={() => {
        want(path.split(".", 1)[0] ?? null);
        setBegun(true);
      }}
      onBlur={() => setTyped(false)}
      onInput={() => setTyped(true)}
      onOptionSubmit={() => setTyped(false)}
      onChange={(name) => onChange(name === "" ? emptied(props) : name)}
      comboboxProps={{ withinPortal: true }}
    />
  );
}

/** The columns of the table in another field of the form's step, once they are wanted. */
function useColumns(table: string, wanted: boolean): readonly string[] {
  const { node } = useForm();
  const { scope } = useExpressionPlace();
  const flow = useEditor((state) => (wanted ? state.flow : null));
  const catalogue = useEditor((state) => state.catalogue);
  const step = node === undefined || flow === null ? undefined : itemOf(flow.nodes, node);
  if (flow === null || step === undefined) return [];
  const seen = (path: string) => {
    const steps = pathOf(path);
    const found: Json | undefined = steps === null || scope === null ? undefined : valueAt(scope.values, steps);
    return isTablePreview(found) ? found.columns : undefined;
  };
  return columnsOf(flow, catalogue, itemOf(step.with, table), seen) ?? [];
}
