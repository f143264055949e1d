import { startTransition, useEffect, useMemo, useRef, useState } from "react";
import { StaticExpression } from "@/shared/code/StaticTemplate";
import { bracketProblem } from "@/shared/flow/expressionTokens";
import { lazyPart } from "@/shared/ui/lazyPart";
import { afterPress } from "@/shared/ui/press";
import { useExpressionPlace } from "@/studio/expressions/names";
import classes from "@/studio/expressions/TemplateInput.module.css";
import trialClasses from "@/studio/expressions/TrialLine.module.css";
import { unknownName } from "@/studio/expressions/unknownName";
import { useTrial, type Trial } from "@/studio/expressions/useTrial";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";

const TemplateEditor = lazyPart(() => import("@/studio/expressions/TemplateEditor"), "TemplateEditor");

interface ExpressionInputProps {
  value: string;
  /** What was written, once the field is left or Enter was pressed. */
  onChange: (value: string) => void;
  label: string;
  placeholder: string;
  readOnly: boolean;
  /** Whether somebody was led to it, to write at once. */
  begins: boolean;
  /** Nobody writes in it any more; `byKey` where Enter or Escape ended it. */
  onLeave: (byKey: boolean) => void;
}

/** One line for a condition: an expression without braces. Like a template's field it is only text until it is used. */
export function ExpressionInput(props: ExpressionInputProps) {
  const { value, label, placeholder, readOnly, begins } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const field = useRef<HTMLDivElement>(null);
  /** What the editor gave last; the field may end before that is drawn. */
  const written = useRef(value);
  const { names, known, want } = useExpressionPlace();
  const text = draft ?? value;
  const trial = useTrial(text, "expression");
  const problem = useMemo(
    () => bracketProblem(text) ?? trial.problem ?? (known ? unknownName(text, names) : null),
    [text, trial.problem, known, names],
  );
  const problems = useMemo(() => (problem === null ? [] : [problem]), [problem]);
  const begin = () => {
    if (readOnly || draft !== null) return;
    want(null);
    // The text stands there until the editor is here, so that nobody writes into what is about to go.
    startTransition(() => setDraft(value));
    written.current = value;
  };
  useEffect(() => void TemplateEditor.preload(), []);
  useEffect(() => {
    if (begins) field.current?.focus();
  }, [begins]);
  const write = (changed: string) => {
    written.current = changed;
    setDraft(changed);
  };
  const end = (kept: string, byKey: boolean) => {
    if (kept.trim() !== value) props.onChange(kept.trim());
    afterPress(() => {
      setDraft(null);
      props.onLeave(byKey);
    });
  };
  return (
    <div>
      <div
        className={classes.field}
        data-code
        data-invalid={problem !== null || undefined}
        data-read-only={readOnly || undefined}
      >
        <div className={classes.text}>
          {draft === null ? (
            <div
              ref={field}
              className={classes.static}
              role="textbox"
              tabIndex={0}
              aria-label={label}
              aria-invalid={problem !== null || undefined}
              aria-readonly={readOnly || undefined}
              onFocus={begin}
            >
              {value === "" ? <span className={classes.placeholder}>{placeholder}</span> : null}
              <StaticExpression text={value} />
            </div>
          ) : (
            <TemplateEditor
              value={draft}
              onChange={write}
              label={label}
              placeholder={placeholder}
              multiline={false}
              bare
              problems={problems}
              onBlur={() => end(written.current, false)}
              onEnter={() => end(written.current, true)}
              onEscape={() => end(value, true)}
            />
          )}
        </div>
      </div>
      <Told problem={problem?.message ?? null} trial={trial} />
    </div>
  );
}

/** Under the field: what is wrong with it, or what it gives with the values of the last run. */
function Told({ problem, trial: { answer, scope, stale } }: { problem: string | null; trial: Trial }) {
  if (problem !== null) {
    return (
      <div className={trialClasses.line} style={{ color: "var(--exekra-bad)" }} role="alert">
        <PlainMarkup text={problem} />
      </div>
    );
  }
  if (answer === null || answer.error || scope === null) return null;
  return (
    <div className={trialClasses.line} data-stale={stale || undefined} aria-live="polite">
      {answer.type === "boolean"
        ? `${answer.value === true ? "True" : "False"} with the values of the last run.`
        : `It must be true or false, but is ${answer.type} with the values of the last run.`}
    </div>
  );
}
