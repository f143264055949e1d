import { ActionIcon, Button, Checkbox, Kbd, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, dataOf } from "@/shared/api/client";
import type { Breakpoint } from "@/shared/flow/document";
import classes from "@/studio/debug/debug.module.css";
import {
  clearBreakpoints,
  enableBreakpoint,
  setBreakpointCondition,
  toggleBreakpoint,
} from "@/studio/model/edits/breakpoints";
import { useEditor, useEditorActions } from "@/studio/state/editor";

const PAUSE_MILLISECONDS = 300;

/** All breakpoints: whether they count, their conditions, and the way to their steps. */
export function BreakpointList() {
  const breakpoints = useEditor(({ flow }) => flow.layout.breakpoints);
  const readOnly = useEditor((state) => state.readOnly);
  const { perform } = useEditorActions();
  const all = Object.entries(breakpoints);
  if (all.length === 0) {
    return (
      <Text size="sm" c="var(--exekra-quiet)">
        None yet. Select a step and press <Kbd size="xs">F9</Kbd>, or click at its left edge.
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
  const stored = breakpoint.condition ?? "";
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? stored;
  const problem = useSyntaxProblem(shown);
  const keep = () => {
    if (text !== null && text.trim() !== stored) perform(setBreakpointCondition(node, text.trim()));
    setText(null);
  };
  return (
    <li className={classes.breakpoint}>
      <div className={classes.breakpointHead}>
        <Checkbox
          size="xs"
          disabled={readOnly}
          checked={breakpoint.enabled !== false}
          aria-label={`Pause at ${node}`}
          onChange={(event) => perform(enableBreakpoint(node, event.currentTarget.checked))}
        />
        <UnstyledButton className={classes.frameName} onClick={() => revealNode(node)}>
          {node}
        </UnstyledButton>
        {!readOnly && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size={20}
            aria-label={`Delete the breakpoint at ${node}`}
            onClick={() => perform(toggleBreakpoint(node))}
          >
            <IconTrash size={13} />
          </ActionIcon>
        )}
      </div>
      <TextInput
        size="xs"
        aria-label={`Condition of the breakpoint at ${node}`}
        placeholder="Only when, such as amount > 200"
        disabled={readOnly}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        value={shown}
        error={problem}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === "Enter") keep();
          if (event.key === "Escape") setText(null);
        }}
      />
    </li>
  );
}

/** What is wrong with an expression itself; whether its names are there is only known at the step. */
function useSyntaxProblem(text: string): string | undefined {
  const [settled] = useDebouncedValue(text.trim(), PAUSE_MILLISECONDS);
  const { data } = useQuery({
    queryKey: ["language-trial", "condition", settled],
    enabled: settled !== "",
    retry: false,
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const body = { texts: [{ text: settled, mode: "expression" as const }], scope: {}, types: {} };
      return (await dataOf(api.POST("/api/language/evaluate", { body, signal })))[0] ?? null;
    },
  });
  return data?.error?.kind === "syntax" && settled === text.trim() ? data.error.message : undefined;
}
