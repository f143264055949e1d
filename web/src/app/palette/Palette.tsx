import { Kbd, Loader, Modal, Text, VisuallyHidden } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useIsFetching } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef, useState } from "react";
import type { Entry } from "@/app/palette/entries";
import classes from "@/app/palette/Palette.module.css";
import { remember } from "@/app/palette/recents";
import { usePaletteEntries } from "@/app/palette/usePaletteEntries";
import { useUser } from "@/shared/session/session";

const PAUSE_MILLISECONDS = 120;

interface Props {
  opened: boolean;
  /** Another number each time that it is opened: it then begins anew, even while it is still going away. */
  opening: number;
  onClose: () => void;
  /** Shows the keyboard shortcuts. */
  onHelp: () => void;
  /** What was typed before the field had the keyboard. */
  takeEarly: () => string;
}

/** The command palette: every page, what can be done, and a search over all that the Hub keeps. */
export function Palette({ opened, opening, ...others }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={others.onClose}
      title={<VisuallyHidden>Search and commands</VisuallyHidden>}
      withCloseButton={false}
      size={640}
      yOffset="12vh"
      padding={0}
      classNames={{ header: classes.header }}
      transitionProps={{ duration: 80 }}
    >
      <Search key={opening} {...others} />
    </Modal>
  );
}

function Search({ onClose, onHelp, takeEarly }: Omit<Props, "opened" | "opening">) {
  const router = useRouter();
  const user = useUser();
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const typed = text.trim();
  const [searched] = useDebouncedValue(typed, PAUSE_MILLISECONDS);
  const entries = usePaletteEntries(typed, typed === "" ? "" : searched, onHelp);
  const waiting = useIsFetching({ queryKey: ["search"] }) > 0 || typed !== searched;
  const chosen = Math.min(active, entries.length - 1);

  const take = (entry: Entry, apart: boolean) => {
    const { href, label, kind } = entry;
    if (href !== undefined && apart) {
      window.open(href);
      return;
    }
    onClose();
    if (href === undefined) {
      entry.run?.();
      return;
    }
    if (kind !== undefined) remember(user.id, { href, label, kind });
    void router.navigate({ href });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step !== undefined && entries.length > 0) {
      event.preventDefault();
      setActive((chosen + step + entries.length) % entries.length);
    }
    if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      const entry = entries[chosen];
      if (entry) take(entry, event.ctrlKey || event.metaKey);
    }
  };
  return (
    <div onKeyDown={onKeyDown}>
      <div className={classes.field}>
        <IconSearch size={18} aria-hidden />
        <input
          ref={field}
          className={classes.input}
          data-autofocus
          role="combobox"
          aria-label="Search and commands"
          aria-expanded
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={entries.length > 0 ? `${listId}-${chosen}` : undefined}
          placeholder="Search workflows, executions, Runners, pages and commands"
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={text}
          onFocus={() => {
            const early = takeEarly();
            setText((before) => before + early);
          }}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setActive(0);
          }}
        />
        {waiting && typed !== "" && <Loader size={16} aria-hidden />}
      </div>
      <Results id={listId} entries={entries} chosen={chosen} onChoose={setActive} onTake={take} />
      {entries.length === 0 && (
        <Text size="sm" c="var(--exekra-quiet)" p="md" role="status">
          {waiting ? "Searching…" : `Nothing matches “${typed}”.`}
        </Text>
      )}
      <div className={classes.foot} aria-hidden>
        <span>
          <Kbd size="xs">↑</Kbd> <Kbd size="xs">↓</Kbd> choose
        </span>
        <span>
          <Kbd size="xs">Enter</Kbd> open
        </span>
        <span>
          <Kbd size="xs">Ctrl Enter</Kbd> in a new tab
        </span>
        <span>
          <Kbd size="xs">Esc</Kbd> close
        </span>
      </div>
    </div>
  );
}

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

interface ResultsProps {
  id: string;
  entries: readonly Entry[];
  chosen: number;
  onChoose: (index: number) => void;
  onTake: (entry: Entry, apart: boolean) => void;
}

function Results({ id, entries, chosen, onChoose, onTake }: ResultsProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [chosen, entries]);
  const groups = [...new Set(entries.map(({ group }) => group))];
  return (
    <div className={classes.results} ref={place} role="listbox" id={id} aria-label="Results">
      {groups.map((group) => (
        <div key={group} role="group" aria-label={group}>
          <div className={classes.group} aria-hidden>
            {group}
          </div>
          {entries.map((entry, index) =>
            entry.group === group ? (
              <div
                key={entry.id}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === chosen}
                className={classes.entry}
                onMouseMove={() => index !== chosen && onChoose(index)}
                onClick={(event: MouseEvent) => onTake(entry, event.ctrlKey || event.metaKey)}
              >
                <entry.icon size={17} stroke={1.7} aria-hidden />
                <span className={classes.label}>{entry.label}</span>
                {entry.detail && <span className={classes.detail}>{entry.detail}</span>}
              </div>
            ) : null,
          )}
        </div>
      ))}
    </div>
  );
}
