import { Text, Tooltip } from "@mantine/core";
import { ago, moment } from "@/shared/format/time";
import { useNow } from "@/shared/live/clock";

/** How long ago a moment was, kept current; the full moment stands in its tooltip. */
export function Ago({ at, none = "–" }: { at: string | null | undefined; none?: string }) {
  const now = useNow("tenSeconds");
  if (!at) return none;
  return (
    <Tooltip label={moment(at)} openDelay={300}>
      <Text span inherit component="time" dateTime={at}>
        {ago(at, now)}
      </Text>
    </Tooltip>
  );
}
