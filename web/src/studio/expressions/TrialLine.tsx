import { Text, Tooltip } from "@mantine/core";
import type { TextProblem } from "@/shared/flow/expressionTokens";
import { templateParts } from "@/shared/flow/template";
import { useExpressionPlace } from "@/studio/expressions/names";
import { shortValue } from "@/studio/expressions/shortValue";
import classes from "@/studio/expressions/TrialLine.module.css";
import { withoutValue } from "@/studio/expressions/unknownName";
import { LONGEST_TRIED, type Trial } from "@/studio/expressions/useTrial";

interface TrialLineProps {
  text: string;
  trial: Trial;
  /** What can be said before the Hub answers. */
  problem: TextProblem | null;
  /** Whether the problem stands under the field already. */
  told?: boolean;
  /** Whether the value is shown elsewhere. */
  onlyProblems?: boolean;
}

/** Under an editor: the value that the text has with the last run's data, or what is wrong with it. */
export function TrialLine({ text, trial, problem, told = false, onlyProblems = false }: TrialLineProps) {
  const { names } = useExpressionPlace();
  if (text.length > LONGEST_TRIED || !templateParts(text).some(({ kind }) => kind === "expression")) return null;
  const { answer, scope, stale } = trial;
  const waiting = scope === null ? null : withoutValue(text, names, scope.values);
  const wrong = problem ?? trial.problem;
  if (wrong ? told : onlyProblems && !answer?.error) return null;
  return (
    <div className={classes.line} data-stale={stale || undefined} aria-live="polite">
      {wrong ? (
        <Text span inherit c="var(--exekra-bad)">
          {wrong.message}
        </Text>
      ) : scope === null ? (
        "Run the workflow once to see values here."
      ) : answer?.error ? (
        <Text span inherit truncate title={answer.error.message}>
          No value with the last run: {waiting === null ? answer.error.message : `${waiting} has not run yet.`}
        </Text>
      ) : answer ? (
        <Tooltip label={shortValue(answer.value as never, 600)} openDelay={300} multiline maw={420} withinPortal>
          <span className={classes.value}>
            <span aria-hidden>=</span> {shortValue(answer.value as never, 120)} <em>{answer.type}</em>
          </span>
        </Tooltip>
      ) : (
        "…"
      )}
    </div>
  );
}
