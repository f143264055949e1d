import { UnstyledButton } from "@mantine/core";
import type { KeyboardEvent, ReactNode } from "react";
import type { Panel } from "@/studio/page/panels";
import classes from "@/studio/page/Studio.module.css";

/** The tabs of a place, walked through with the arrow keys. */
export function PanelTabs({
  label,
  panels,
  open,
  onOpen,
  children,
}: {
  label: string;
  panels: readonly Panel[];
  open: string | null;
  onOpen: (id: string) => void;
  children?: ReactNode;
}) {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const place = panels.findIndex((panel) => panel.id === open);
    const next = panels[(Math.max(0, place) + by + panels.length) % panels.length];
    if (by === 0 || next === undefined) return;
    onOpen(next.id);
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <div className={classes.tabs}>
      <div role="tablist" aria-label={label} onKeyDown={onKeyDown} style={{ display: "flex", gap: 2 }}>
        {panels.map(({ id, title, badge: Badge }, index) => (
          <UnstyledButton
            key={id}
            id={`tab-${id}`}
            data-tab={id}
            className={classes.tab}
            role="tab"
            aria-selected={open === id}
            aria-controls={open === id ? `panel-${id}` : undefined}
            tabIndex={open === id || (open === null && index === 0) ? 0 : -1}
            onClick={() => onOpen(id)}
          >
            {title}
            {Badge && <Badge />}
          </UnstyledButton>
        ))}
      </div>
      {children}
    </div>
  );
}
