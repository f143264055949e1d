import type { ReactNode } from "react";
import classes from "@/features/system/system.module.css";

/** A name and its value, which may be a link. */
export type Fact = readonly [name: string, value: ReactNode];

/** Names and values beside one another. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
