import { Progress, Text } from "@mantine/core";

const HIGH = 0.75;
const FULL = 0.9;

/** How much of something limited is in use. */
export function Usage({ label, used, most, words }: { label: string; used: number; most: number; words: string }) {
  const share = most === 0 ? 0 : used / most;
  const color = share >= FULL ? "red" : share >= HIGH ? "yellow" : "cobalt";
  return (
    <div>
      <Progress.Root size={8}>
        <Progress.Section value={share * 100} color={color} aria-label={`${label}: ${words}`} />
      </Progress.Root>
      <Text size="xs" c="var(--exekra-quiet)" mt={4}>
        {words}
      </Text>
    </div>
  );
}
