import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import classes from "@/features/dashboard/timeline/timeline.module.css";
import {
  colorOfSegment,
  placeOf,
  type RunnerLine,
  type Segment,
  segmentAt,
  type Stretch,
} from "@/features/dashboard/timeline/drawing";
import { drawn, variable } from "@/shared/charts/colors";
import { executionPage } from "@/shared/executions/links";

const HEIGHT = 20;

/** Says which segment the pointer is on, and where that is in the window; null when it has left. */
export type OnHover = (hover: { segment: Segment; x: number; y: number } | null) => void;

/** What one Runner did, drawn: a segment leads to its execution. */
export function Lane({ line, stretch, onHover }: { line: RunnerLine; stretch: Stretch; onHover: OnHover }) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useComputedColorScheme("light") === "dark";
  const navigate = useNavigate();
  useEffect(() => {
    if (canvas.current !== null && width > 0) draw(canvas.current, line, stretch, width, dark);
  }, [line, stretch, width, dark]);
  const at = (event: React.MouseEvent<HTMLCanvasElement>) =>
    segmentAt(line.segments, event.nativeEvent.offsetX, stretch, width);
  return (
    <div ref={ref} className={classes.lane}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={inWords(line)}
        style={{ width, height: HEIGHT }}
        onMouseMove={(event) => {
          const segment = at(event);
          event.currentTarget.style.cursor = segment === null ? "default" : "pointer";
          onHover(segment && { segment, x: event.clientX, y: event.clientY });
        }}
        onMouseLeave={() => onHover(null)}
        onClick={(event) => {
          const segment = at(event);
          if (segment !== null) {
            void navigate(executionPage(segment.execution_id));
          }
        }}
      />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, line: RunnerLine, stretch: Stretch, width: number, dark: boolean): void {
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(HEIGHT * ratio);
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.scale(ratio, ratio);
  context.fillStyle = variable(dark ? "--mantine-color-dark-5" : "--mantine-color-gray-1");
  context.fillRect(0, 0, width, HEIGHT);
  context.fillStyle = variable(dark ? "--mantine-color-dark-3" : "--mantine-color-gray-4");
  for (const absence of line.absences) {
    const place = placeOf(absence.begins, absence.ends, stretch, width);
    context.fillRect(place.left, HEIGHT / 2 - 1, place.width, 2);
  }
  const colors = new Map<string, string>();
  for (const segment of line.segments) {
    const name = colorOfSegment(segment.state);
    const color = colors.get(name) ?? drawn(name, dark);
    colors.set(name, color);
    const place = placeOf(segment.begins, segment.ends, stretch, width);
    context.fillStyle = color;
    context.fillRect(place.left, 2, place.width, HEIGHT - 4);
  }
}

function inWords({ name, segments, utilisation, absences }: RunnerLine): string {
  const executions = segments.reduce((sum, segment) => sum + segment.executions, 0);
  const busy = utilisation === null ? "" : `, busy ${utilisation} percent of the time`;
  const away = absences.length === 0 ? "" : `, ${absences.length} times offline`;
  return `${name}: ${executions} executions${busy}${away}`;
}
