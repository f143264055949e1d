import { ActionIcon, Button, Checkbox, Kbd, Text, UnstyledButton } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { type ReactNode, useMemo } from "react";
import { callsTo, idIn, inWords } from "@/shared/flow/calls";
import type { Breakpoint } from "@/shared/flow/document";
import { CalledEditor } from "@/studio/called/CalledEditor";
import { useShownTrail } from "@/studio/called/useShownTrail";
import classes from "@/studio/debug/debug.module.css";
import { ExpressionInput } from "@/studio/expressions/ExpressionInput";
import { ExpressionPlaceProvider } from "@/studio/expressions/ExpressionPlaceProvider";
import {
  clearBreakpoints,
  enableBreakpoint,
  setBreakpointCondition,
  toggleBreakpoint,
} from "@/studio/model/edits/breakpoints";
import { useStudio } from "@/studio/core/studio";
import { useEditor, useEditorActions } from "@/studio/state/editor";

/** All breakpoints: whether they count, their conditions, and the way to their steps. */
export function BreakpointList() {
  const breakpoints = useEditor(({ flow }) => flow.layout.breakpoints);
  const readOnly = useEditor((state) => state.readOnly);
  const { perform } = useEditorActions();
  const all = Object.entries(breakpoints);
  if (all.length === 0) {
    return (
      <Text size="sm" c="var(--exekra-quiet)">
        None yet. Select a step and press <Kbd size="xs">F9</Kbd>, or click its left edge.
      </Text>
    );
  }
  return (
    <>
      <ul className={classes.values} aria-label="Breakpoints">
        {all.map(([node, breakpoint]) => (
          <BreakpointLine key={node} node={node} breakpoint={breakpoint} readOnly={readOnly} />
        ))}
      </ul>
      {all.length > 1 && !readOnly && (
        <Button size="compact-xs" variant="subtle" color="gray" mt={6} onClick={() => perform(clearBreakpoints)}>
          Delete all
        </Button>
      )}
    </>
  );
}

function BreakpointLine({ node, breakpoint, readOnly }: { node: string; breakpoint: Breakpoint; readOnly: boolean }) {
  const { perform, revealNode } = useEditorActions();
  const shown = inWords(node);
  return (
    <li className={classes.breakpoint}>
      <div className={classes.breakpointHead}>
        <Checkbox
          size="xs"
          disabled={readOnly}
          checked={breakpoint.enabled !== false}
          aria-label={`Pause at ${shown}`}
          onChange={(event) => perform(enableBreakpoint(node, event.currentTarget.checked))}
        />
        <UnstyledButton className={classes.frameName} onClick={() => revealNode(node)}>
          {shown}
        </UnstyledButton>
        {!readOnly && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size={20}
            aria-label={`Delete the breakpoint at ${shown}`}
            onClick={() => perform(toggleBreakpoint(node))}
          >
            <IconTrash size={13} />
          </ActionIcon>
        )}
      </div>
      <Condition node={node} value={breakpoint.condition ?? ""} readOnly={readOnly} />
    </li>
  );
}

function Condition({ node, value, readOnly }: { node: string; value: string; readOnly: boolean }) {
  const { perform, askCondition } = useEditorActions();
  const { canvas } = useStudio();
  const begins = useEditor(({ asksCondition }) => asksCondition?.node === node);
  const onLeave = (byKey: boolean) => {
    askCondition(null);
    if (byKey) canvas.current?.focus();
  };
  return (
    <InReach node={node}>
      <ExpressionInput
        value={value}
        onChange={(condition) => perform(setBreakpointCondition(node, condition))}
        label={`Condition of the breakpoint at ${inWords(node)}`}
        placeholder="Only when, such as amount > 200"
        readOnly={readOnly}
        begins={begins}
        onLeave={onLeave}
      />
    </InReach>
  );
}

/** Lets the editor know what can be named at a node, also in a called workflow. */
function InReach({ node, children }: { node: string; children: ReactNode }) {
  const calls = useMemo(() => callsTo(node), [node]);
  const id = idIn(node);
  const { data, error } = useShownTrail(calls);
  const flow = data?.at(-1)?.flow;
  if (calls.length === 0) return <ExpressionPlaceProvider node={id}>{children}</ExpressionPlaceProvider>;
  return (
    <>
      <CalledEditor calls={calls} node={id} waiting={children}>
        <ExpressionPlaceProvider node={id}>{children}</ExpressionPlaceProvider>
      </CalledEditor>
      {error !== null && <div className={classes.quiet}>{error.message}</div>}
      {flow !== undefined && !Object.hasOwn(flow.nodes, id) && (
        <div className={classes.quiet}>The called workflow has no step with that name.</div>
      )}
    </>
  );
}
