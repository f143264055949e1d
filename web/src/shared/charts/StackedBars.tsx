import { useMemo } from "react";
import UPlot from "uplot";
import { axes, fromZero } from "@/shared/charts/axes";
import { drawn } from "@/shared/charts/colors";
import { type Series, TooltipLines } from "@/shared/charts/Legend";
import { Plot } from "@/shared/charts/Plot";
import { seriesAt, stacked } from "@/shared/charts/stacking";

const WIDEST_BAR = 64;

/** Counts in buckets, one upon the other; the first series lies at the bottom. */
export function StackedBars({
  label,
  names,
  heads,
  series,
  height = 220,
  onPick,
}: {
  label: string;
  /** Of each bucket, the word below it. */
  names: readonly string[];
  /** Of each bucket, the first line of its tooltip. */
  heads: readonly string[];
  series: readonly Series[];
  height?: number;
  /** `seriesIndex` is null where nothing is drawn. */
  onPick?: (index: number, seriesIndex: number | null) => void;
}) {
  const data = useMemo<UPlot.AlignedData>(
    () => [names.map((_name, index) => index), ...stacked(series, names.length).reverse()],
    [names, series],
  );
  const bars = UPlot.paths.bars?.({ size: [0.72, WIDEST_BAR] });
  const options = (dark: boolean): Omit<UPlot.Options, "width" | "height"> => ({
    scales: { x: { time: false, range: () => [-0.6, data[0].length - 0.4] }, y: { range: fromZero(4) } },
    axes: axes(
      (_chart, splits) => splits.map((at) => (Number.isInteger(at) ? (names[at] ?? "") : "")),
      (value) => (Number.isInteger(value) ? value.toLocaleString() : ""),
    ),
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    series: [
      {},
      ...[...series].reverse().map(({ color }) => ({
        fill: drawn(color, dark),
        width: 0,
        points: { show: false },
        ...(bars && { paths: bars }),
      })),
    ],
  });
  return (
    <Plot
      label={label}
      height={height}
      data={data}
      options={options}
      shape={`${names.join()} ${series.map((one) => one.color).join()}`}
      tooltip={(index) => (
        <TooltipLines
          head={heads[index] ?? ""}
          series={[...series].reverse()}
          index={index}
          format={(value) => value.toLocaleString()}
        />
      )}
      onPick={onPick && ((index, value) => onPick(index, seriesAt(series, index, value)))}
    />
  );
}
