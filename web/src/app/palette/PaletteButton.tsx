import { Kbd, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import classes from "@/app/palette/PaletteButton.module.css";
import { isPressed, isTyping } from "@/shared/ui/shortcuts";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { lazyPart } from "@/shared/ui/lazyPart";

const Palette = lazyPart(() => import("@/app/palette/Palette"), "Palette");
const ShortcutsDialog = lazyPart(() => import("@/app/palette/ShortcutsDialog"), "ShortcutsDialog");

type Shown = "palette" | "shortcuts";

/** Opens the command palette (Ctrl-K) and the list of shortcuts (?), which are loaded when they are first wanted. */
export function PaletteButton({ narrow }: { narrow: boolean }) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [opening, setOpening] = useState(0);
  const [wanted, setWanted] = useState<ReadonlySet<Shown>>(new Set());
  // What is typed before the palette's field has the keyboard; null at all other times.
  const early = useRef<string | null>(null);
  const show = (what: Shown) => {
    early.current = what === "palette" ? "" : null;
    setWanted((before) => new Set([...before, what]));
    setShown(what);
    setOpening((before) => before + 1);
  };
  const close = () => {
    early.current = null;
    setShown(null);
  };
  const closeBroken = () => {
    close();
    setWanted(new Set());
  };
  const takeEarly = () => {
    const typed = early.current ?? "";
    early.current = null;
    return typed;
  };
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === "Control" || event.key === "Meta") void Palette.preload();
    const palette = isPressed(event, "Ctrl+k");
    if (palette || (early.current === null && isQuestionMark(event))) {
      event.preventDefault();
      if (!palette || shown !== "palette") show(palette ? "palette" : "shortcuts");
    } else if (early.current !== null && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      early.current += event.key;
    }
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
  return (
    <>
      <Tooltip label="Search and commands (Ctrl-K)" position="right" disabled={!narrow}>
        <UnstyledButton
          className={classes.button}
          onClick={() => show("palette")}
          onPointerEnter={() => void Palette.preload()}
          aria-keyshortcuts="Control+K"
          {...(narrow ? { "aria-label": "Search and commands" } : {})}
        >
          <IconSearch size={16} aria-hidden />
          {!narrow && (
            <>
              <Text size="sm" flex={1}>
                Search
              </Text>
              <Kbd size="xs" aria-hidden>
                Ctrl K
              </Kbd>
            </>
          )}
        </UnstyledButton>
      </Tooltip>
      <ErrorBoundary what="The search" onError={() => (early.current = null)} onClose={closeBroken}>
        {wanted.has("palette") && (
          <Palette
            opened={shown === "palette"}
            opening={opening}
            onClose={close}
            onHelp={() => show("shortcuts")}
            takeEarly={takeEarly}
          />
        )}
        {wanted.has("shortcuts") && <ShortcutsDialog opened={shown === "shortcuts"} onClose={close} />}
      </ErrorBoundary>
    </>
  );
}

function isQuestionMark(event: KeyboardEvent): boolean {
  return event.key === "?" && !event.ctrlKey && !event.metaKey && !isTyping(event);
}
