import { Text, Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import { ago, moment } from "@/shared/format/time";

const TICK_MILLISECONDS = 10_000;

/** How long ago a moment was, kept current; the full moment stands in its tooltip. */
export function Ago({ at, none = "–" }: { at: string | null | undefined; none?: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MILLISECONDS);
    return () => clearInterval(timer);
  }, []);
  if (!at) return none;
  return (
    <Tooltip label={moment(at)} openDelay={300}>
      <Text span inherit component="time" dateTime={at}>
        {ago(at, now)}
      </Text>
    </Tooltip>
  );
}
