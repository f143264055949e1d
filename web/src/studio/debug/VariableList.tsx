import { ActionIcon, Button, Group, Textarea } from "@mantine/core";
import { IconEye, IconPencil } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { callsTo } from "@/shared/flow/calls";
import type { Json } from "@/shared/flow/document";
import { JsonTree } from "@/shared/ui/JsonTree";
import { useShownTrail } from "@/studio/called/useShownTrail";
import classes from "@/studio/debug/debug.module.css";
import { isShortened, type Pause } from "@/studio/running/session";
import { useRun, useRunning } from "@/studio/core/useRun";
import { useEditor } from "@/studio/state/editor";

/** The values in reach: what changed since the last pause is marked, variables and inputs can be changed. */
export function VariableList({ pause }: { pause: Pause }) {
  const changed = useRun(({ session }) => session.changed);
  const root = useEditor(({ flow }) => flow);
  const calls = useMemo(() => callsTo(pause.node), [pause.node]);
  const called = useShownTrail(calls).data?.at(-1)?.flow;
  const flow = calls.length === 0 ? root : called;
  const isDeclared = (name: string) =>
    flow !== undefined && (Object.hasOwn(flow.variables, name) || Object.hasOwn(flow.inputs, name));
  const names = Object.keys(pause.scope);
  const ordered = [...names.filter(isDeclared), ...names.filter((name) => !isDeclared(name))];
  if (names.length === 0) return <div className={classes.quiet}>No values are available here.</div>;
  return (
    <ul className={classes.values} aria-label="Available values">
      {ordered.map((name) => (
        <Variable
          key={name}
          name={name}
          value={pause.scope[name] ?? null}
          changed={changed.has(name)}
          editable={isDeclared(name)}
        />
      ))}
    </ul>
  );
}

interface VariableProps {
  name: string;
  value: Json;
  changed: boolean;
  editable: boolean;
}

function Variable({ name, value, changed, editable }: VariableProps) {
  const run = useRunning();
  const watches = useRun((state) => state.watches);
  const [text, setText] = useState<string | null>(null);
  if (text !== null) return <VariableEdit name={name} text={text} onText={setText} />;
  return (
    <li className={classes.variable} data-changed={changed || undefined} data-variable={name}>
      <div className={classes.value}>
        <JsonTree name={name} value={value} open={0} />
        {changed && <span className={classes.changed}>changed</span>}
      </div>
      {!watches.includes(name) && (
        <ActionIcon
          className={classes.act}
          variant="subtle"
          color="gray"
          size={20}
          title="Watch"
          aria-label={`Watch ${name}`}
          onClick={() => run.setWatches([...watches, name])}
        >
          <IconEye size={13} />
        </ActionIcon>
      )}
      {editable && (
        <ActionIcon
          className={classes.act}
          variant="subtle"
          color="gray"
          size={20}
          title="Change the value"
          aria-label={`Change ${name}`}
          onClick={() => setText(isShortened(value) ? "" : JSON.stringify(value, null, 2))}
        >
          <IconPencil size={13} />
        </ActionIcon>
      )}
    </li>
  );
}

function VariableEdit({ name, text, onText }: { name: string; text: string; onText: (text: string | null) => void }) {
  const run = useRunning();
  const value = parsed(text);
  const set = () => {
    if (value === undefined) return;
    void run.command({ command: "set_variable", name, value });
    onText(null);
  };
  return (
    <li className={classes.edit}>
      <Textarea
        label={name}
        size="xs"
        autosize
        minRows={1}
        maxRows={12}
        autoFocus
        error={
          value === undefined && text.trim() !== "" ? 'This must be JSON, such as 12, "text" or [1, 2].' : undefined
        }
        placeholder="The new value as JSON"
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onText(null);
          if (event.key === "Enter" && !event.shiftKey) {
            event.preventDefault();
            set();
          }
        }}
      />
      <Group gap={6} justify="flex-end" mt={4}>
        <Button size="compact-xs" variant="default" onClick={() => onText(null)}>
          Cancel
        </Button>
        <Button size="compact-xs" disabled={value === undefined} onClick={set}>
          Set
        </Button>
      </Group>
    </li>
  );
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
