import { Kbd, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useState } from "react";
import classes from "@/app/palette/PaletteButton.module.css";
import { isPressed, isTyping } from "@/shared/ui/shortcuts";

const Palette = lazy(() => import("@/app/palette/Palette").then(({ Palette }) => ({ default: Palette })));
const ShortcutsDialog = lazy(() =>
  import("@/app/palette/ShortcutsDialog").then(({ ShortcutsDialog }) => ({ default: ShortcutsDialog })),
);

type Shown = "palette" | "shortcuts";

/** Opens the command palette (Ctrl-K) and the list of shortcuts (?), which are loaded when they are first wanted. */
export function PaletteButton({ narrow }: { narrow: boolean }) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [wanted, setWanted] = useState<ReadonlySet<Shown>>(new Set());
  const show = (what: Shown) => {
    setWanted((before) => new Set([...before, what]));
    setShown(what);
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const palette = isPressed(event, "Ctrl+k");
      if (!palette && (event.key !== "?" || event.ctrlKey || event.metaKey || isTyping(event))) return;
      event.preventDefault();
      show(palette ? "palette" : "shortcuts");
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  const close = () => setShown(null);
  return (
    <>
      <Tooltip label="Search and commands (Ctrl-K)" position="right" disabled={!narrow}>
        <UnstyledButton
          className={classes.button}
          onClick={() => show("palette")}
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
      <Suspense>
        {wanted.has("palette") && (
          <Palette opened={shown === "palette"} onClose={close} onHelp={() => show("shortcuts")} />
        )}
        {wanted.has("shortcuts") && <ShortcutsDialog opened={shown === "shortcuts"} onClose={close} />}
      </Suspense>
    </>
  );
}
