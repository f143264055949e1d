import { useComputedColorScheme } from "@mantine/core";
import classes from "@/shared/charts/charts.module.css";

/** What a chart draws as one colour. */
export interface Series {
  label: string;
  /** One of the theme's colours, such as `teal`. */
  color: string;
  values: readonly (number | null)[];
}

/** A colour and its word. */
export function Key({ color, label }: { color: string; label: string }) {
  const dark = useComputedColorScheme("light") === "dark";
  return (
    <span className={classes.key}>
      <span className={classes.swatch} style={{ background: `var(--mantine-color-${color}-${dark ? 6 : 5})` }} />
      {label}
    </span>
  );
}

/** Which colour means what. */
export function Legend({ series }: { series: readonly Pick<Series, "label" | "color">[] }) {
  return (
    <div className={classes.legend}>
      {series.map(({ label, color }) => (
        <Key key={label} color={color} label={label} />
      ))}
    </div>
  );
}

/** A tooltip: its head, and a line for each series. */
export function TooltipLines({
  head,
  series,
  index,
  format,
}: {
  head: string;
  series: readonly Series[];
  index: number;
  format: (value: number) => string;
}) {
  return (
    <>
      <strong>{head}</strong>
      {series.map(({ label, color, values }) => {
        const value = values[index];
        return (
          <div key={label} className={classes.line}>
            <Key color={color} label={label} />
            <span>{value === null || value === undefined ? "–" : format(value)}</span>
          </div>
        );
      })}
    </>
  );
}
