import { Kbd, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useState } from "react";
import classes from "@/app/palette/PaletteButton.module.css";

const Palette = lazy(() => import("@/app/palette/Palette").then(({ Palette }) => ({ default: Palette })));

/** Opens the command palette, by a click or by Ctrl-K; the palette itself is loaded when it is first wanted. */
export function PaletteButton({ narrow }: { narrow: boolean }) {
  const [opened, setOpened] = useState(false);
  const [wanted, setWanted] = useState(false);
  const open = () => {
    setWanted(true);
    setOpened(true);
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      event.preventDefault();
      open();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      <Tooltip label="Search and commands (Ctrl-K)" position="right" disabled={!narrow}>
        <UnstyledButton
          className={classes.button}
          onClick={open}
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
      {wanted && (
        <Suspense>
          <Palette opened={opened} onClose={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  );
}
