import { ActionIcon, Anchor, Badge, Tooltip } from "@mantine/core";
import { IconArrowLeft, IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "@/shared/flow/CallTrail.module.css";
import type { Called } from "@/shared/flow/trail";

interface CallTrailProps {
  /** The name of the workflow itself. */
  root: string;
  calls: readonly string[];
  /** What the calls lead through, as far as it is known. */
  trail: readonly Called[];
  /** Shows what fewer calls lead to. */
  onGo: (calls: readonly string[]) => void;
  /** What else can be done, at the end of the line. */
  children?: ReactNode;
}

/** Above the graph of a called workflow: how one got there, and the ways back. */
export function CallTrail({ root, calls, trail, onGo, children }: CallTrailProps) {
  return (
    <nav className={classes.trail} aria-label="Called workflow" data-call-trail>
      <Tooltip label="Back to the caller" openDelay={300}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label="Back to the caller"
          onClick={() => onGo(calls.slice(0, -1))}
        >
          <IconArrowLeft size={17} />
        </ActionIcon>
      </Tooltip>
      <ol className={classes.steps}>
        <li>
          <Anchor component="button" type="button" size="sm" className={classes.workflow} onClick={() => onGo([])}>
            {root}
          </Anchor>
        </li>
        {calls.map((call, index) => {
          const called = trail[index];
          const last = index === calls.length - 1;
          return (
            <li key={index} {...(last && { "aria-current": "page" as const })}>
              <IconChevronRight size={14} className={classes.separator} aria-hidden />
              <span className={classes.call} title={`The step ${call}`}>
                {call}
              </span>
              {called !== undefined && (
                <>
                  <IconChevronRight size={14} className={classes.separator} aria-hidden />
                  {last ? (
                    <span className={`${classes.workflow} ${classes.here}`}>{called.name}</span>
                  ) : (
                    <Anchor
                      component="button"
                      type="button"
                      size="sm"
                      className={classes.workflow}
                      onClick={() => onGo(calls.slice(0, index + 1))}
                    >
                      {called.name}
                    </Anchor>
                  )}
                  <Badge size="sm" variant="default" tt="none" fw={500}>
                    v{called.version}
                    {called.pinned !== null && ", pinned"}
                  </Badge>
                </>
              )}
            </li>
          );
        })}
      </ol>
      {children}
    </nav>
  );
}
