import { ago, moment } from "@/shared/format/time";
import { useNow } from "@/shared/live/clock";

/** How long ago a moment was, kept current; the full moment stands in its tooltip. Light: lists hold hundreds of them. */
export function Ago({ at, none = "–" }: { at: string | null | undefined; none?: string }) {
  const now = useNow("tenSeconds");
  if (!at) return none;
  return (
    <time dateTime={at} title={moment(at)}>
      {ago(at, now)}
    </time>
  );
}
