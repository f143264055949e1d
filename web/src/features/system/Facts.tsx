import { Anchor } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import classes from "@/features/system/system.module.css";

/** A name, its value, and the address that the value leads to. */
export type Fact = readonly [name: string, value: string, to?: string];

/** Names and values beside one another. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  const navigate = useNavigate();
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value, to]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>
            {to === undefined ? (
              value
            ) : (
              <Anchor
                inherit
                href={to}
                onClick={(event) => {
                  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
                  event.preventDefault();
                  void navigate({ href: to });
                }}
              >
                {value}
              </Anchor>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
