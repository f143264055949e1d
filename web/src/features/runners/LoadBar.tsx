import { Progress, Text, Tooltip } from "@mantine/core";
import classes from "@/features/runners/LoadBar.module.css";

const HIGH_PERCENT = 75;
const FULL_PERCENT = 90;

function colorOf(percent: number): string {
  if (percent >= FULL_PERCENT) return "red";
  return percent >= HIGH_PERCENT ? "yellow" : "cobalt";
}

/** How much of a machine's CPU, memory or disk is in use. */
export function LoadBar({ label, percent, detail }: { label: string; percent: number | null; detail?: string }) {
  if (percent === null) return <Text size="xs">–</Text>;
  const words = `${label}: ${Math.round(percent)} %${detail ? `, ${detail}` : ""}`;
  return (
    <Tooltip label={words} openDelay={300}>
      <div className={classes.load}>
        <Progress.Root size={6} className={classes.bar}>
          <Progress.Section value={percent} color={colorOf(percent)} aria-label={words} />
        </Progress.Root>
        <Text size="xs" className={classes.number}>
          {Math.round(percent)} %
        </Text>
      </div>
    </Tooltip>
  );
}
