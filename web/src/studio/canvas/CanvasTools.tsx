import { ActionIcon, Tooltip, UnstyledButton } from "@mantine/core";
import { useStore } from "@xyflow/react";
import { IconMaximize, IconMinus, IconPlus } from "@tabler/icons-react";
import classes from "@/studio/canvas/Canvas.module.css";
import type { CanvasPort } from "@/studio/core/canvasPort";

const STEP = 1.25;

/** Nearer, farther, everything. */
export function CanvasTools({ port }: { port: CanvasPort }) {
  const percent = useStore((state) => Math.round(state.transform[2] * 100));
  const tools = [
    { label: "Zoom out", icon: IconMinus, run: () => port.zoomBy(1 / STEP) },
    { label: "Zoom in", icon: IconPlus, run: () => port.zoomBy(STEP) },
    { label: "Fit to screen", icon: IconMaximize, run: () => port.fit() },
  ] as const;
  const buttons = tools.map(({ label, icon: Picture, run }) => (
    <Tooltip key={label} label={label}>
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} onClick={run}>
        <Picture size={15} />
      </ActionIcon>
    </Tooltip>
  ));
  return (
    <div className={classes.tools}>
      {buttons[0]}
      <Tooltip label="Actual size">
        <UnstyledButton
          className={classes.zoom}
          onClick={() => port.zoomTo(1)}
          aria-label={`Zoom ${percent} %, set to 100 %`}
        >
          {percent} %
        </UnstyledButton>
      </Tooltip>
      {buttons.slice(1)}
    </div>
  );
}
