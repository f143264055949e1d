import { Text, TextInput } from "@mantine/core";
import { useClickOutside } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { CatalogueEntry } from "@/shared/flow/catalogue";
import { colorOfCategory, EntryIcon } from "@/shared/flow/icons";
import { useEditor } from "@/studio/state/editor";
import { findActivities } from "@/studio/toolbox/findActivities";
import classes from "@/studio/toolbox/Picker.module.css";
import { useFavourites, useRecent } from "@/studio/toolbox/useFavourites";

const MOST = 60;

/** Type to insert: a short list of steps that fit, chosen by arrows and Enter. */
export function Picker({
  at,
  onChoose,
  onClose,
}: {
  /** Where on the canvas, in pixels. */
  at: { x: number; y: number };
  onChoose: (activity: string) => void;
  onClose: () => void;
}) {
  const entries = useEditor((state) => state.catalogue.entries);
  const [favourites] = useFavourites();
  const [recent] = useRecent();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const list = useId();
  const outside = useClickOutside<HTMLDivElement>(onClose);
  const found = useMemo(() => {
    const first = new Set([...recent, ...favourites]);
    const sorted = [...entries.filter(({ id }) => first.has(id)), ...entries.filter(({ id }) => !first.has(id))];
    return findActivities(text === "" ? sorted : entries, text).slice(0, MOST);
  }, [entries, favourites, recent, text]);
  const move = (by: number) => setActive((before) => (before + by + found.length) % Math.max(1, found.length));
  const onKeyDown = (event: KeyboardEvent) => {
    const chosen = found[active];
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && chosen) onChoose(chosen.id);
    else if (event.key === "Escape" || event.key === "Tab") onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={outside}
      className={classes.picker}
      style={{ left: at.x, top: at.y }}
      role="dialog"
      aria-label="Add a step"
    >
      <TextInput
        size="xs"
        autoFocus
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={found[active] && `${list}-${active}`}
        aria-label="Search for a step to add"
        placeholder="What should happen next?"
        leftSection={<IconSearch size={14} aria-hidden />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={classes.options} role="listbox" id={list} aria-label="Steps">
        {found.map((entry, index) => (
          <Option
            key={entry.id}
            id={`${list}-${index}`}
            entry={entry}
            active={index === active}
            onChoose={() => onChoose(entry.id)}
            onHover={() => setActive(index)}
          />
        ))}
      </div>
      {found.length === 0 && (
        <Text size="xs" c="var(--exekra-quiet)" p={6}>
          No step matches.
        </Text>
      )}
    </div>
  );
}

function Option({
  id,
  entry,
  active,
  onChoose,
  onHover,
}: {
  id: string;
  entry: CatalogueEntry;
  active: boolean;
  onChoose: () => void;
  onHover: () => void;
}) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) element.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const color = colorOfCategory(entry.category);
  return (
    <div
      ref={element}
      id={id}
      className={classes.option}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      onClick={onChoose}
      onPointerMove={onHover}
    >
      <span
        className={classes.icon}
        style={{
          background: `var(--mantine-color-${color}-light)`,
          color: `var(--mantine-color-${color}-light-color)`,
        }}
      >
        <EntryIcon entry={entry} size={16} />
      </span>
      <div className={classes.words}>
        <div className={classes.title}>{entry.title}</div>
        <div className={classes.summary}>{entry.summary}</div>
      </div>
    </div>
  );
}
