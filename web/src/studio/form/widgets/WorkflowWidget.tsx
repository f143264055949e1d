import { Anchor, Autocomplete } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, dataOf } from "@/shared/api/client";
import { useCalled } from "@/shared/flow/trail";
import { afterPress } from "@/shared/ui/press";
import { showCalledCommand } from "@/studio/called/showCalled";
import { useForm } from "@/studio/form/formContext";
import { OptionLines } from "@/studio/form/widgets/OptionLines";
import { inputProps, type WidgetProps } from "@/studio/form/widgets/widget";
import { useStudio } from "@/studio/core/studio";
import { useEditor } from "@/studio/state/editor";

const OFFERED = 50;
const TYPING_MILLISECONDS = 200;

/**
 * The name of a published workflow: one of those that are found while one types, or any other, of which the check tells.
 * It is written into the workflow when it is one that is offered, or when the field is left.
 */
export function WorkflowWidget(props: WidgetProps) {
  const { value, onChange } = props;
  const name = typeof value === "string" ? value : "";
  const [draft, setDraft] = useState<string | null>(null);
  const [opened, setOpened] = useState(false);
  const [text] = useDebouncedValue(draft ?? "", TYPING_MILLISECONDS);
  const notes = useCallable(text, opened);
  const write = (typed: string) => {
    setDraft(null);
    if (typed !== name) onChange(typed === "" ? undefined : typed);
  };
  const leave = () => write(draft ?? name);
  return (
    <>
      <Autocomplete
        {...inputProps(props)}
        value={draft ?? name}
        placeholder="Type part of its name"
        data={[...notes.keys()]}
        // The Hub has filtered them.
        filter={({ options }) => options}
        renderOption={({ option }) => <OptionLines label={option.value} note={notes.get(option.value)} />}
        maxDropdownHeight={320}
        onDropdownOpen={() => setOpened(true)}
        onChange={(typed) => (notes.has(typed) ? write(typed) : setDraft(typed))}
        // The inputs of another workflow would move what is being pressed.
        onBlur={() => afterPress(leave)}
        onKeyDown={(event) => {
          const isChoosing = event.currentTarget.hasAttribute("aria-activedescendant");
          if (event.key === "Enter" && !isChoosing) leave();
        }}
      />
      <ShowCalled />
    </>
  );
}

/**
 * The published workflows with that text, each with what it is for: first those that have it in their name, and the one
 * that is edited last.
 */
function useCallable(text: string, enabled: boolean): ReadonlyMap<string, string> {
  const own = useEditor((state) => state.workflowId);
  const { data = [] } = useQuery({
    queryKey: ["workflows", "callable", text],
    queryFn: async ({ signal }) => {
      const query = { limit: OFFERED, published: true, ...(text !== "" && { text }) };
      return (await dataOf(api.GET("/api/workflows", { params: { query }, signal }))).items;
    },
    placeholderData: keepPreviousData,
    enabled,
  });
  const isNamed = (name: string) => name.toLowerCase().includes(text.toLowerCase());
  const rank = ({ id, name }: { id: string; name: string }) => (id === own ? 2 : isNamed(name) ? 0 : 1);
  const ranked = data.toSorted((one, other) => rank(one) - rank(other));
  return new Map(ranked.map(({ id, name, description }) => [name, id === own ? "This workflow itself" : description]));
}

/** Leads to the called workflow, where there is one. */
function ShowCalled() {
  const { called } = useForm();
  return useCalled(called).data === undefined ? null : <ShowCalledLink />;
}

function ShowCalledLink() {
  const studio = useStudio();
  return (
    <Anchor
      component="button"
      type="button"
      size="xs"
      style={{ alignSelf: "flex-start" }}
      onClick={() => showCalledCommand.run(studio)}
    >
      Show called workflow
    </Anchor>
  );
}
