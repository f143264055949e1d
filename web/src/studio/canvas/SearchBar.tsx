import { ActionIcon, CloseButton, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { Catalogue } from "@/shared/flow/catalogue";
import type { Flow } from "@/shared/flow/document";
import { itemOf } from "@/shared/flow/records";
import classes from "@/studio/canvas/Canvas.module.css";
import { useEditor, useEditorActions } from "@/studio/state/editor";

/** Finds steps by their ids, their kinds, what is filled in and what is written about them. */
export function SearchBar({ onClose }: { onClose: () => void }) {
  const flow = useEditor((state) => state.flow);
  const catalogue = useEditor((state) => state.catalogue);
  const { revealNode } = useEditorActions();
  const [text, setText] = useState("");
  const [place, setPlace] = useState(0);
  const found = useMemo(() => findNodes(flow, catalogue, text), [flow, catalogue, text]);
  const go = (to: number) => {
    if (found.length === 0) return;
    const next = (to + found.length) % found.length;
    setPlace(next);
    revealNode(found[next] ?? "");
  };
  return (
    <div className={classes.search} role="search" aria-label="Find in the workflow">
      <TextInput
        flex={1}
        size="xs"
        autoFocus
        variant="unstyled"
        aria-label="Find steps"
        placeholder="Find by name, kind or content"
        leftSection={<IconSearch size={14} aria-hidden />}
        value={text}
        onChange={(event) => {
          const typed = event.currentTarget.value;
          setText(typed);
          setPlace(0);
          const [first] = findNodes(flow, catalogue, typed);
          if (first !== undefined) revealNode(first);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") go(place + (event.shiftKey ? -1 : 1));
          if (event.key === "Escape") onClose();
          event.stopPropagation();
        }}
      />
      <span className={classes.count} role="status">
        {text !== "" && (found.length === 0 ? "Nothing" : `${place + 1} of ${found.length}`)}
      </span>
      <ActionIcon size="sm" variant="subtle" color="gray" aria-label="Previous" onClick={() => go(place - 1)}>
        <IconChevronUp size={15} />
      </ActionIcon>
      <ActionIcon size="sm" variant="subtle" color="gray" aria-label="Next" onClick={() => go(place + 1)}>
        <IconChevronDown size={15} />
      </ActionIcon>
      <CloseButton size="sm" aria-label="Close the search" onClick={onClose} />
    </div>
  );
}

function findNodes(flow: Flow, catalogue: Catalogue, text: string): string[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  return Object.entries(flow.nodes)
    .filter(([id, node]) => {
      const { title } = catalogue.entryOf(node);
      const all = [id, title, node.do, itemOf(flow.layout.texts, id) ?? "", JSON.stringify(node.with)];
      return all.some((part) => part.toLowerCase().includes(wanted));
    })
    .map(([id]) => id);
}
