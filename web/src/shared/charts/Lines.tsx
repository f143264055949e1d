import { useMemo } from "react";
import UPlot from "uplot";
import { axes, fromZero } from "@/shared/charts/axes";
import { drawn } from "@/shared/charts/colors";
import { type Series, TooltipLines } from "@/shared/charts/Legend";
import { Plot } from "@/shared/charts/Plot";
import { moment, momentAs } from "@/shared/format/time";

/** Values over time as lines; null is a gap. */
export function Lines({
  label,
  times,
  series,
  height = 180,
  format = (value) => value.toLocaleString(),
  least = 1,
  steps,
  stepped = false,
  filled = true,
  onPick,
}: {
  label: string;
  /** Moments as ISO texts, in order. */
  times: readonly string[];
  series: readonly Series[];
  height?: number;
  format?: (value: number) => string;
  /** The chart reaches at least to this value. */
  least?: number;
  /** How far apart its ticks may stand. */
  steps?: readonly number[];
  stepped?: boolean;
  filled?: boolean;
  onPick?: (index: number) => void;
}) {
  const data = useMemo<UPlot.AlignedData>(
    () => [times.map((at) => Date.parse(at) / 1000), ...series.map(({ values }) => [...values])],
    [times, series],
  );
  const options = (dark: boolean): Omit<UPlot.Options, "width" | "height"> => ({
    scales: { x: { range: aroundOne }, y: { range: fromZero(least) } },
    axes: axes(
      (_chart, splits, _axis, _space, step) => splits.map((at) => nameOf(at * 1000, step)),
      format,
      undefined,
      steps,
    ),
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    series: [
      {},
      ...series.map(({ color }) => {
        const stroke = drawn(color, dark);
        const paths = stepped ? UPlot.paths.stepped?.({ align: 1 }) : undefined;
        return {
          stroke,
          width: 1.75,
          points: { show: true, size: 5, fill: stroke, filter: alone },
          ...(filled && { fill: `${stroke}24` }),
          ...(paths && { paths }),
        };
      }),
    ],
  });
  return (
    <Plot
      label={label}
      height={height}
      data={data}
      options={options}
      shape={series.map((one) => one.color).join()}
      tooltip={(index) => <TooltipLines head={headOf(times[index])} series={series} index={index} format={format} />}
      onPick={onPick}
    />
  );
}

/** The points that no line shows: those between two gaps. */
const alone: UPlot.Series.Points.Filter = (chart, seriesIndex) => {
  const values = chart.data[seriesIndex] ?? [];
  const isGap = (at: number) => values[at] === null || values[at] === undefined;
  return [...values.keys()].filter((at) => !isGap(at) && isGap(at - 1) && isGap(at + 1));
};

/** A single moment gets some room on both sides; by itself, uPlot would give it years. */
const aroundOne: UPlot.Range.Function = (chart, min, max) =>
  chart.data[0].length === 1 ? [min - MINUTE, min + MINUTE] : [min, max];

const MINUTE = 60;
const DAY = 86_400;
const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const EXACT: Intl.DateTimeFormatOptions = { ...CLOCK, second: "2-digit" };
const DATE: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };

/** A moment on an axis whose ticks stand `step` seconds apart; a day's first moment is named by its date. */
function nameOf(milliseconds: number, step: number): string {
  if (step < MINUTE) return momentAs(milliseconds, EXACT);
  const clock = step < DAY ? momentAs(milliseconds, CLOCK) : "00:00";
  return clock === "00:00" ? momentAs(milliseconds, DATE) : clock;
}

function headOf(at: string | undefined): string {
  return at === undefined ? "" : moment(at);
}
