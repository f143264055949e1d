import { Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import classes from "@/features/dashboard/dashboard.module.css";

/** A part of the page with its heading. */
export function Card({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.card} aria-labelledby={id}>
      <div className={classes.cardHead}>
        <Title order={2} size="sm" id={id}>
          {title}
        </Title>
        {aside}
      </div>
      {children}
    </section>
  );
}
