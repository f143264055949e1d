import { Anchor } from "@mantine/core";
import { IconAlertCircle, IconAlertTriangle } from "@tabler/icons-react";
import classes from "@/studio/form/Field.module.css";
import { isAt, useForm, useProblemsAt } from "@/studio/form/formContext";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";
import { quickFixes } from "@/studio/check/quickFixes";
import { type FlowProblem, useEditor, useEditorActions } from "@/studio/state/editor";

/**
 * What the check found wrong with a field, at the field; for null, with the step as a whole. `except` are the places
 * inside of the field that show by themselves what is wrong with them.
 */
export function FieldProblems({ path, except = [] }: { path: string | null; except?: readonly string[] }) {
  const { lacks = [] } = useForm();
  const problems = useProblemsAt(path).filter((problem) => !except.some((place) => isAt(problem, place)));
  if (path !== null && lacks.includes(path)) return <div className={classes.help}>Required</div>;
  return problems.map((problem, index) => {
    const { severity, code, field } = problem;
    return (
      <div key={`${code}-${index}`} className={classes.problem} data-severity={severity}>
        {severity === "error" ? (
          <IconAlertCircle size={14} role="img" aria-label="Error" />
        ) : (
          <IconAlertTriangle size={14} role="img" aria-label="Warning" />
        )}
        <span>
          {path !== null && field && field !== path && <strong>{placeOf(field.slice(path.length + 1))}: </strong>}
          {/* The field's editor underlines the place. */}
          <PlainMarkup text={wordsOf(problem, path)} />
          {severity === "error" && <FixButton problem={problem} />}
        </span>
      </div>
    );
  });
}

/** What is said of a problem at its field: the name of the field stands above it. */
function wordsOf({ code, message, field, arguments: named }: FlowProblem, path: string | null): string {
  if (path === null) return message;
  return code === "missing-input" && field === path ? "Required" : (named.problem ?? message);
}

/** What can be done about an error with one click. */
function FixButton({ problem }: { problem: FlowProblem }) {
  const flow = useEditor((state) => state.flow);
  const catalogue = useEditor((state) => state.catalogue);
  const readOnly = useEditor((state) => state.readOnly);
  const { perform } = useEditorActions();
  const [first] = quickFixes(problem, flow, catalogue);
  if (first === undefined || readOnly) return null;
  return (
    <Anchor component="button" type="button" fz="inherit" ml={6} onClick={() => perform(first.edit)}>
      {first.label}
    </Anchor>
  );
}

/** A place inside a value as people count: `0.price` as `row 1, price`. */
function placeOf(path: string): string {
  return path
    .split(".")
    .map((step) => (/^\d+$/.test(step) ? `row ${Number(step) + 1}` : step))
    .join(", ");
}
