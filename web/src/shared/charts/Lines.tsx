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
  formatTime = clockOf,
  least = 1,
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
  /** The words below the chart. */
  formatTime?: (milliseconds: number) => string;
  /** The chart reaches at least to this value. */
  least?: number;
  stepped?: boolean;
  filled?: boolean;
  onPick?: (index: number) => void;
}) {
  const data = useMemo<UPlot.AlignedData>(
    () => [times.map((at) => Date.parse(at) / 1000), ...series.map(({ values }) => [...values])],
    [times, series],
  );
  const options = (dark: boolean): Omit<UPlot.Options, "width" | "height"> => ({
    scales: { y: { range: fromZero(least) } },
    axes: axes((_chart, splits) => splits.map((at) => formatTime(at * 1000)), format),
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

const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

function clockOf(milliseconds: number): string {
  return momentAs(milliseconds, CLOCK);
}

function headOf(at: string | undefined): string {
  return at === undefined ? "" : moment(at);
}
