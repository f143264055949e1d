import { Text, TextInput } from "@mantine/core";
import { useClickOutside } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useId, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent } from "react";
import type { CatalogueEntry } from "@/shared/flow/catalogue";
import { colorOfCategory, EntryIcon } from "@/shared/flow/icons";
import { nameOfResult, type Result, takes } from "@/studio/model/results";
import { useEditor } from "@/studio/state/editor";
import { findActivities } from "@/studio/toolbox/findActivities";
import classes from "@/studio/toolbox/Picker.module.css";
import { type Section, sectionsOf } from "@/studio/toolbox/sections";
import { useFavourites, useRecent } from "@/studio/toolbox/useFavourites";

/** Type to insert: a list of steps, first those that take what the step before gives, chosen by arrows and Enter. */
export function Picker({
  at,
  result,
  onChoose,
  onClose,
}: {
  /** Where on the canvas, in pixels. */
  at: { x: number; y: number };
  /** What the new step could take from those before it. */
  result: Result | null;
  onChoose: (activity: string) => void;
  onClose: () => void;
}) {
  const flow = useEditor((state) => state.flow);
  const catalogue = useEditor((state) => state.catalogue);
  const [favourites] = useFavourites();
  const [recent] = useRecent();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const list = useId();
  const outside = useClickOutside<HTMLDivElement>(onClose);
  const sections = useMemo(() => {
    const { entries } = catalogue;
    if (text.trim() !== "") return [{ title: "", entries: findActivities(entries, text) }];
    const fitting = result === null ? [] : entries.filter((entry) => takes(entry, result));
    const title = result === null ? "" : `For ${nameOfResult(flow, catalogue, result)}`;
    const first = fitting.length > 0 ? [{ title, entries: fitting, fits: true }] : [];
    return [...first, ...sectionsOf(entries, favourites, recent)];
  }, [flow, catalogue, result, favourites, recent, text]);
  const found = useMemo(() => sections.flatMap(({ entries }) => entries), [sections]);
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
        {sections.map((section, place) => (
          <Options
            key={section.title}
            {...section}
            begin={sections.slice(0, place).reduce((sum, { entries }) => sum + entries.length, 0)}
            {...{ list, active, setActive, onChoose }}
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

interface OptionsProps extends Section {
  /** Whether they take what the step before gives: they stand side by side, without many words. */
  fits?: boolean;
  /** The place of the first of them among all. */
  begin: number;
  list: string;
  active: number;
  setActive: (index: number) => void;
  onChoose: (activity: string) => void;
}

/** The steps of one section; one without a title is the answer to a search. */
function Options({ title, entries, fits = false, begin, list, active, setActive, onChoose }: OptionsProps) {
  const options = entries.map((entry, place) => (
    <Option
      key={entry.id}
      id={`${list}-${begin + place}`}
      entry={entry}
      brief={fits}
      active={begin + place === active}
      onChoose={() => onChoose(entry.id)}
      onHover={() => setActive(begin + place)}
    />
  ));
  if (title === "") return options;
  return (
    <div role="group" aria-label={title}>
      <div className={classes.section}>{title}</div>
      <div
        className={fits ? classes.fitting : undefined}
        style={{ "--lines": Math.ceil(entries.length / 2) } as CSSProperties}
      >
        {options}
      </div>
    </div>
  );
}

function Option({
  id,
  entry,
  brief,
  active,
  onChoose,
  onHover,
}: {
  id: string;
  entry: CatalogueEntry;
  /** Whether only its title is shown. */
  brief: boolean;
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
      title={brief ? entry.summary : undefined}
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
        {!brief && <div className={classes.summary}>{entry.summary}</div>}
      </div>
    </div>
  );
}
