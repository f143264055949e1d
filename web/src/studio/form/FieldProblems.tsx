import { IconAlertCircle, IconAlertTriangle } from "@tabler/icons-react";
import classes from "@/studio/form/Field.module.css";
import { useProblemsAt } from "@/studio/form/formContext";
import { PlainMarkup } from "@/studio/form/PlainMarkup";

/** What the check found wrong with a field, at the field; for null, with the step as a whole. */
export function FieldProblems({ path }: { path: string | null }) {
  const problems = useProblemsAt(path);
  return problems.map(({ severity, code, message, field }, index) => (
    <div key={`${code}-${index}`} className={classes.problem} data-severity={severity}>
      {severity === "error" ? (
        <IconAlertCircle size={14} role="img" aria-label="Error" />
      ) : (
        <IconAlertTriangle size={14} role="img" aria-label="Warning" />
      )}
      <span>
        {path !== null && field && field !== path && <strong>{placeOf(field.slice(path.length + 1))}: </strong>}
        <PlainMarkup text={message} />
      </span>
    </div>
  ));
}

/** A place inside a value as people count: `0.price` as `row 1, price`. */
function placeOf(path: string): string {
  return path
    .split(".")
    .map((step) => (/^\d+$/.test(step) ? `row ${Number(step) + 1}` : step))
    .join(", ");
}
