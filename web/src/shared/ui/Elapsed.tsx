import { useNow } from "@/shared/live/clock";
import { duration } from "@/shared/format/time";

/** How long something takes: ticking while it goes on, still once its seconds are known. */
export function Elapsed({ since, seconds }: { since: string | null; seconds: number | null }) {
  if (seconds !== null) return duration(seconds);
  if (since === null) return "–";
  return <Ticking since={since} />;
}

function Ticking({ since }: { since: string }) {
  const now = useNow("second");
  // The Hub's clock may be a little ahead of this machine's.
  const seconds = Math.max(0, Math.floor((now - new Date(since).getTime()) / 1000));
  return seconds < 60 ? `${seconds} s` : duration(seconds);
}
