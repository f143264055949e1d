import { ActionIcon, CloseButton, Text, TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { IconSearch, IconStar, IconStarFilled } from "@tabler/icons-react";
import { memo, useMemo, useState, type DragEvent } from "react";
import type { CatalogueEntry } from "@/shared/flow/catalogue";
import { colorOfCategory, EntryIcon } from "@/shared/flow/icons";
import { useStudio } from "@/studio/core/studio";
import { useEditor } from "@/studio/state/editor";
import { ACTIVITY_TYPE, announceDrag } from "@/studio/toolbox/dragging";
import { findActivities } from "@/studio/toolbox/findActivities";
import { type Section, sectionsOf } from "@/studio/toolbox/sections";
import classes from "@/studio/toolbox/Toolbox.module.css";
import { useFavourites, useRecent } from "@/studio/toolbox/useFavourites";

const DELAY = 500;

/** All kinds of steps, to be dragged onto the canvas or added by a click. */
export function Toolbox() {
  const entries = useEditor((state) => state.catalogue.entries);
  const [text, setText] = useState("");
  const [favourites, toggle] = useFavourites();
  const [inUse, setInUse] = useState(false);
  const recent = useWhile(!inUse, useRecent()[0]);
  const sections = useMemo(
    () => (text.trim() === "" ? sectionsOf(entries, favourites, recent) : [found(entries, text)]),
    [entries, favourites, recent, text],
  );
  return (
    <div className={classes.toolbox} onPointerEnter={() => setInUse(true)} onPointerLeave={() => setInUse(false)}>
      <div className={classes.search}>
        <TextInput
          size="xs"
          aria-label="Search for a step"
          placeholder="Search for a step"
          leftSection={<IconSearch size={14} aria-hidden />}
          rightSection={text !== "" && <CloseButton size="xs" aria-label="Clear" onClick={() => setText("")} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <div className={classes.list}>
        {sections.map(({ title, entries: inside }) => (
          <section key={title} aria-label={title}>
            <h2 className={classes.section}>{title}</h2>
            {inside.map((entry) => (
              <Item key={entry.id} entry={entry} starred={favourites.includes(entry.id)} onStar={toggle} />
            ))}
            {inside.length === 0 && (
              <Text size="xs" c="var(--exekra-quiet)" px={6}>
                No step matches. Try a word for what it should do.
              </Text>
            )}
          </section>
        ))}
      </div>
    </div>
  );
}

const Item = memo(function Item({
  entry,
  starred,
  onStar,
}: {
  entry: CatalogueEntry;
  starred: boolean;
  onStar: (id: string) => void;
}) {
  const { canvas } = useStudio();
  // A called workflow is there to be looked at.
  const readOnly = useEditor((state) => state.readOnly || state.calls.length > 0);
  const color = colorOfCategory(entry.category);
  const [dragged, setDragged] = useState(false);
  const begin = (event: DragEvent) => {
    setDragged(true);
    event.dataTransfer.setData(ACTIVITY_TYPE, entry.id);
    event.dataTransfer.effectAllowed = "copy";
    announceDrag(entry.id);
  };
  return (
    <div className={classes.item}>
      <Tooltip label={entry.summary} position="right" multiline maw={280} openDelay={DELAY} disabled={dragged}>
        <UnstyledButton
          className={classes.add}
          draggable={!readOnly}
          disabled={readOnly}
          onDragStart={begin}
          onDragEnd={() => {
            setDragged(false);
            announceDrag(null);
          }}
          // A double click adds one step, too.
          onClick={({ detail }) => detail < 2 && canvas.current?.insert(entry.id)}
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
          <span className={classes.title}>{entry.title}</span>
        </UnstyledButton>
      </Tooltip>
      <ActionIcon
        className={classes.star}
        size="sm"
        variant="subtle"
        color={starred ? "yellow" : "gray"}
        aria-label={`Favourite: ${entry.title}`}
        aria-pressed={starred}
        onClick={() => onStar(entry.id)}
      >
        {starred ? <IconStarFilled size={13} /> : <IconStar size={13} />}
      </ActionIcon>
    </div>
  );
});

/** A value that is followed only while something holds: what was added last does not move the list under the pointer. */
function useWhile<Value>(follows: boolean, value: Value): Value {
  const [shown, setShown] = useState(value);
  if (follows && shown !== value) setShown(value);
  return shown;
}

function found(entries: readonly CatalogueEntry[], text: string): Section {
  return { title: "Found", entries: findActivities(entries, text) };
}
