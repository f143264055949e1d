import { ActionIcon, Button, Group, TextInput } from "@mantine/core";
import { IconEye, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { JsonTree } from "@/shared/ui/JsonTree";
import { watchId } from "@/studio/running/breakpoints";
import classes from "@/studio/debug/debug.module.css";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";
import type { Answer } from "@/studio/running/session";
import { useRun, useRunning } from "@/studio/core/useRun";

const BOX = "box";

/** Expressions whose values are shown at each pause, and a field to evaluate one. */
export function Watches() {
  const run = useRunning();
  const watches = useRun((state) => state.watches);
  const answers = useRun(({ session }) => session.answers);
  const paused = useRun(({ session }) => session.pause !== null);
  const [text, setText] = useState("");
  const [asked, setAsked] = useState<string | null>(null);
  const expression = text.trim();
  const evaluate = () => {
    if (expression === "") return;
    if (!paused) watch();
    else {
      setAsked(expression);
      void run.command({ command: "evaluate", id: `${BOX}:${expression}`, expression });
    }
  };
  const watch = () => {
    if (expression !== "" && !watches.includes(expression)) run.setWatches([...watches, expression]);
    setText("");
    setAsked(null);
  };
  return (
    <div>
      {watches.length > 0 && (
        <ul className={classes.values} aria-label="Watched expressions">
          {watches.map((one) => (
            <li key={one} className={classes.variable}>
              <div className={classes.value}>
                <AnswerLine expression={one} answer={paused ? answers.get(watchId(one)) : undefined} />
              </div>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={20}
                aria-label={`Stop watching ${one}`}
                onClick={() => run.setWatches(watches.filter((other) => other !== one))}
              >
                <IconX size={13} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <Group gap={6} wrap="nowrap" mt={6}>
        <TextInput
          flex={1}
          size="xs"
          aria-label="Expression to evaluate"
          placeholder={paused ? "An expression, such as total + 1" : "An expression to watch"}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            evaluate();
          }}
        />
        {paused && (
          <Button size="xs" variant="default" disabled={expression === ""} onClick={evaluate}>
            Evaluate
          </Button>
        )}
        <ActionIcon
          variant="default"
          size={30}
          disabled={expression === ""}
          title="Watch it at each pause"
          aria-label="Watch the expression"
          onClick={watch}
        >
          <IconEye size={15} />
        </ActionIcon>
      </Group>
      {asked !== null && paused && (
        <div className={classes.answer} role="status">
          <AnswerLine expression={asked} answer={answers.get(`${BOX}:${asked}`)} />
        </div>
      )}
    </div>
  );
}

function AnswerLine({ expression, answer }: { expression: string; answer: Answer | undefined }) {
  if (answer === undefined) {
    return (
      <div className={classes.unknown}>
        <span className={classes.expression}>{expression}</span>
      </div>
    );
  }
  if ("error" in answer) {
    return (
      <div className={classes.unknown}>
        <span className={classes.expression}>{expression}</span>
        <span className={classes.error}>
          <PlainMarkup text={answer.error} />
        </span>
      </div>
    );
  }
  return <JsonTree name={expression} value={answer.value} open={0} />;
}
