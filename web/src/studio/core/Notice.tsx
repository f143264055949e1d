import type { ReactNode } from "react";
import classes from "@/studio/core/Notice.module.css";

/** A line above the canvas: what has to be known of what it shows. */
export function Notice({ quiet = false, children }: { quiet?: boolean; children: ReactNode }) {
  return (
    <div className={classes.notice} data-tone={quiet ? "quiet" : undefined} role="status">
      {children}
    </div>
  );
}
