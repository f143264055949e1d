import "uplot/dist/uPlot.min.css";
import { Skeleton, useComputedColorScheme } from "@mantine/core";
import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from "react";
import UPlot from "uplot";
import classes from "@/shared/charts/charts.module.css";

/** Where the pointer is in a chart. */
interface Hover {
  index: number;
  left: number;
  width: number;
}

interface PlotProps {
  /** What it shows, in words, for those who do not see it. */
  label: string;
  height: number;
  data: UPlot.AlignedData;
  /** Made anew when `shape` or the theme changes; new data alone only redraws. */
  options: (dark: boolean) => Omit<UPlot.Options, "width" | "height">;
  /** Says which series there are: another text makes the chart anew. */
  shape: string;
  tooltip: (index: number) => ReactNode;
  onPick?: ((index: number, fraction: number) => void) | undefined;
}

/** One uPlot chart that fits its place, follows the theme, and shows a tooltip. */
export function Plot({ label, height, data, options, shape, tooltip, onPick }: PlotProps) {
  const dark = useComputedColorScheme("light") === "dark";
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const [hover, setHover] = useState<Hover | null>(null);
  const [drawnOnce, setDrawnOnce] = useState(false);
  const pick = useEffectEvent((index: number, value: number) => onPick?.(index, value));
  const begin = useEffectEvent((element: HTMLElement) => {
    const made = new UPlot(
      {
        ...options(dark),
        width: element.clientWidth,
        height,
        legend: { show: false },
        hooks: {
          setCursor: [
            (chart) => {
              const { idx, left } = chart.cursor;
              const at = left !== undefined && left >= 0 && typeof idx === "number" ? idx : null;
              setHover(at === null ? null : { index: at, left: left ?? 0, width: chart.over.clientWidth });
            },
          ],
        },
      },
      data,
      element,
    );
    made.over.addEventListener("click", () => {
      const { idx, top } = made.cursor;
      if (typeof idx === "number" && top !== undefined) pick(idx, made.posToVal(top, "y"));
    });
    return made;
  });

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const made = begin(element);
    plot.current = made;
    setDrawnOnce(true);
    const fit = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height });
    });
    fit.observe(element);
    return () => {
      fit.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape, dark, height]);
  useEffect(() => plot.current?.setData(data), [data]);

  const shown = hover !== null && hover.index < (data[0]?.length ?? 0) ? hover : null;
  return (
    <div className={classes.plot} style={{ height }} data-pickable={onPick !== undefined || undefined}>
      {!drawnOnce && <Skeleton height={height} />}
      <div ref={place} role="img" aria-label={label} />
      {shown && (
        <div
          className={classes.tooltip}
          data-side={shown.left > shown.width / 2 ? "left" : "right"}
          style={{ "--at": `${shown.left}px` } as React.CSSProperties}
        >
          {tooltip(shown.index)}
        </div>
      )}
    </div>
  );
}
