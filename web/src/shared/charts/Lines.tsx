import { useMemo } from "react";
import UPlot from "uplot";
import { axes, fromZero } from "@/shared/charts/axes";
import { drawn } from "@/shared/charts/colors";
import { type Series, TooltipLines } from "@/shared/charts/Legend";
import { Plot } from "@/shared/charts/Plot";
import { moment } from "@/shared/format/time";

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
          points: { show: times.length < 3 },
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
      shape={`${series.map((one) => one.color).join()} ${times.length < 3}`}
      tooltip={(index) => (
        <TooltipLines head={moment(times[index] ?? "")} series={series} index={index} format={format} />
      )}
      onPick={onPick}
    />
  );
}

function clockOf(milliseconds: number): string {
  return new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(
    milliseconds,
  );
}
