import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "@/shared/api/client";
import { useCalled } from "@/shared/flow/trail";
import { moment } from "@/shared/format/time";
import { useForm } from "@/studio/form/formContext";
import { OptionLines } from "@/studio/form/widgets/OptionLines";
import { NumberWidget } from "@/studio/form/widgets/NumberWidget";
import { inputProps, type WidgetProps } from "@/studio/form/widgets/widget";
import { pinnableQuery } from "@/shared/workflows/queries";

const PUBLISHED = "published";

/** A version of the called workflow that is pinned, or whichever is published. A number where no versions are known. */
export function WorkflowVersionWidget(props: WidgetProps) {
  const { value, onChange } = props;
  const { called } = useForm();
  const { data: published, errorUpdateCount } = useCalled(called && { ...called, pinned: null });
  const { data: versions } = useQuery({
    ...pinnableQuery(published?.workflowId ?? ""),
    enabled: published !== undefined,
  });
  if (called === null || (published === undefined && errorUpdateCount > 0)) return <NumberWidget {...props} />;
  const choices = choicesOf(published?.version, versions, called.pinned);
  return (
    <Select
      {...inputProps(props)}
      data={choices}
      value={typeof value === "number" ? String(value) : PUBLISHED}
      onChange={(chosen) => chosen !== null && onChange(chosen === PUBLISHED ? undefined : Number(chosen))}
      renderOption={({ option: { value, label }, checked }) => (
        <OptionLines label={label} note={choices.find((choice) => choice.value === value)?.note} chosen={checked} />
      )}
      searchable
      allowDeselect={false}
    />
  );
}

/** What is published, then all versions that can be pinned, and the one that is pinned whether or not it can be. */
function choicesOf(
  published: number | undefined,
  versions: readonly Schemas["VersionAnswer"][] | undefined,
  pinned: number | null,
) {
  const following = {
    value: PUBLISHED,
    label: published === undefined ? "The published one" : `The published one (now ${published})`,
    note: "Even after another one is published",
  };
  const pinnable = (versions ?? []).map(({ number, note, published_at }) =>
    pinning(number, note || `Published ${moment(published_at ?? "")}`),
  );
  const isKnown = pinned === null || versions?.some(({ number }) => number === pinned);
  const unknown = isKnown ? [] : [pinning(pinned, versions === undefined ? "" : "Never published")];
  return [following, ...pinnable, ...unknown];
}

function pinning(number: number, note: string) {
  return { value: String(number), label: `Version ${number}`, note };
}
