import { Alert, Anchor, CloseButton, Kbd, Text } from "@mantine/core";
import { IconAlertTriangle, IconBug, IconPlayerPauseFilled } from "@tabler/icons-react";
import { useState } from "react";
import { inWords } from "@/shared/flow/calls";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";
import { Section } from "@/studio/form/Section";
import { BreakpointList } from "@/studio/debug/BreakpointList";
import { CallStack } from "@/studio/debug/CallStack";
import classes from "@/studio/debug/debug.module.css";
import { reasonOf, type Pause } from "@/studio/running/session";
import { VariableList } from "@/studio/debug/VariableList";
import { Watches } from "@/studio/debug/Watches";
import { useRun } from "@/studio/core/useRun";
import { useEditor, useEditorActions } from "@/studio/state/editor";

/** Where the debugged execution is paused and why, the values there, and all breakpoints. */
export function DebugPanel() {
  const live = useRun(({ phase, shown }) => phase === "live" && shown?.debug === true);
  const pause = useRun(({ session }) => session.pause);
  const breakpoints = useEditor(({ flow }) => Object.keys(flow.layout.breakpoints).length);
  const watches = useRun((run) => run.watches.length);
  const asked = useEditor(({ asksCondition }) => asksCondition !== null);
  return (
    <div className={classes.panel}>
      <Head live={live} pause={pause} />
      <Refusals />
      {pause !== null && (
        <>
          <Section name="debug-stack" title="Call stack" open>
            <CallStack pause={pause} />
          </Section>
          <Section name="debug-variables" title="Values" note={Object.keys(pause.scope).length} open>
            <VariableList pause={pause} />
          </Section>
        </>
      )}
      <Section name="debug-watches" title="Watch and evaluate" note={watches || undefined} open>
        <Watches />
      </Section>
      <Section name="debug-breakpoints" title="Breakpoints" note={breakpoints || undefined} open forced={asked}>
        <BreakpointList />
      </Section>
    </div>
  );
}

function Head({ live, pause }: { live: boolean; pause: Pause | null }) {
  if (pause !== null) return <PausedHead pause={pause} />;
  return (
    <div className={classes.head} role="status">
      <IconBug size={18} aria-hidden />
      <Text size="sm" c="var(--exekra-quiet)">
        {live ? (
          "Running. It pauses at breakpoints and unhandled failures."
        ) : (
          <>
            Press <Kbd size="xs">F7</Kbd> to debug: the run pauses at breakpoints and failures, and shows all values
            there.
          </>
        )}
      </Text>
    </div>
  );
}

function PausedHead({ pause }: { pause: Pause }) {
  const { revealNode } = useEditorActions();
  const { node, failure, count } = pause;
  return (
    <div className={classes.head} data-paused role="status">
      <IconPlayerPauseFilled size={18} aria-hidden />
      <div>
        <Text size="sm" fw={600}>
          {reasonOf(pause)}
        </Text>
        <Text size="sm" component="div">
          {failure === null ? "Before " : "At "}
          <Anchor component="button" type="button" size="sm" className={classes.where} onClick={() => revealNode(node)}>
            {inWords(node)}
          </Anchor>
          {count > 1 && `, for the ${ordinal(count)} time`}
        </Text>
        {failure !== null && (
          <Text size="sm" c="var(--exekra-bad)" style={{ overflowWrap: "anywhere" }}>
            {failure.type}: <PlainMarkup text={failure.message} />
          </Text>
        )}
      </div>
    </div>
  );
}

/** What could not be done, until somebody has read it. */
function Refusals() {
  const newest = useRun(({ session, phase }) => (phase === "live" ? session.refusals.at(-1) : undefined) ?? null);
  const [read, setRead] = useState(0);
  if (newest === null || newest.number <= read) return null;
  return (
    <Alert color="red" py={6} px="sm" m="xs" icon={<IconAlertTriangle size={16} />} role="alert">
      <div className={classes.refusal}>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          <PlainMarkup text={newest.message} />
        </Text>
        <CloseButton size="sm" aria-label="Close" onClick={() => setRead(newest.number)} />
      </div>
    </Alert>
  );
}

function ordinal(count: number): string {
  const ending = ["th", "st", "nd", "rd"];
  const rest = count % 100;
  return `${count.toLocaleString("en")}${ending[(rest - 20) % 10] ?? ending[rest] ?? "th"}`;
}
