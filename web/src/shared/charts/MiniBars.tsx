const BAR = 4;
const GAP = 1.5;
const HEIGHT = 22;

/** A handful of numbers as tiny bars, for a cell of a table. */
export function MiniBars({ values, label, color }: { values: readonly number[]; label: string; color: string }) {
  const greatest = Math.max(...values, 1);
  const width = values.length * (BAR + GAP) - GAP;
  return (
    <svg width={width} height={HEIGHT} role="img" aria-label={label} style={{ display: "block" }}>
      <title>{label}</title>
      {values.map((value, index) => {
        const height = value === 0 ? 1.5 : Math.max(3, (value / greatest) * HEIGHT);
        return (
          <rect
            key={index}
            x={index * (BAR + GAP)}
            y={HEIGHT - height}
            width={BAR}
            height={height}
            rx={1}
            fill={value === 0 ? "var(--exekra-line)" : `var(--mantine-color-${color}-filled)`}
          />
        );
      })}
    </svg>
  );
}
