import { Checkbox, TagsInput } from "@mantine/core";
import { ERROR, type FlowNode, NEXT, type Retry } from "@/shared/flow/document";
import type { CatalogueEntry } from "@/shared/flow/catalogue";
import { NumberField } from "@/shared/inputs/NumberField";
import { FieldProblems } from "@/studio/form/FieldProblems";
import { useForm, useProblemsAt } from "@/studio/form/formContext";
import classes from "@/studio/properties/PropertiesPanel.module.css";
import { SecondsInput } from "@/studio/form/SecondsInput";
import { Section } from "@/studio/form/Section";
import { setSettings } from "@/studio/model/edits/fields";
import { useEditor, useEditorActions } from "@/studio/state/editor";

const RETRY_DEFAULTS = { delay: 1, backoff: 1, longest: 300, jitter: 0 };
const FIRST_RETRY: Retry = { times: 3, delay: 2, backoff: 2 };

interface SettingsProps {
  id: string;
  node: FlowNode;
  entry: CatalogueEntry;
  /** The setting that somebody was led to, such as `retry.times`. */
  led: string | null;
}

/** How long a step may take, and what happens when it fails. */
export function NodeSettings({ id, node, entry, led }: SettingsProps) {
  const { readOnly } = useForm();
  const { perform } = useEditorActions();
  const errorTarget = useEditor(
    ({ flow }) => flow.edges.find(({ source, port }) => source === id && port === ERROR)?.target,
  );
  const goesOn = entry.ports.some((port) => port === NEXT || port === "done");
  const set = [node.retry, node.timeout, node.continue_on_error, errorTarget].filter(Boolean).length;
  const wrong = useProblemsAt("retry").length + useProblemsAt("timeout").length > 0;
  if (entry.kind === "control" && entry.ports.length === 0) return null;
  const forced = /^(retry|timeout|continue_on_error)(\.|$)/.test(led ?? "") || wrong;
  return (
    <Section name="failing" title="Time limit and errors" note={set > 0 ? `${set} set` : undefined} forced={forced}>
      <div className={classes.fields}>
        <div data-field="timeout">
          <SecondsInput
            label="Time limit for one attempt"
            value={node.timeout}
            placeholder="No limit"
            onChange={(timeout) => perform(setSettings(id, { timeout: timeout ?? null }))}
          />
          <FieldProblems path="timeout" />
        </div>
        <RetryFields id={id} retry={node.retry} entry={entry} />
        <div data-field="continue_on_error">
          <Checkbox
            size="xs"
            label="Continue when it fails"
            description="Its results are then empty."
            checked={node.continue_on_error ?? false}
            disabled={readOnly || (!goesOn && !node.continue_on_error)}
            onChange={(event) => perform(setSettings(id, { continue_on_error: event.currentTarget.checked }))}
          />
          <FieldProblems path="continue_on_error" />
        </div>
        <div className={classes.quiet}>
          {errorTarget === undefined
            ? "To run other steps when it fails, connect its error port on the canvas."
            : `When it fails, the workflow continues at ${errorTarget}.`}
        </div>
        <PossibleErrors entry={entry} />
      </div>
    </Section>
  );
}

function RetryFields({ id, retry, entry }: { id: string; retry: Retry | undefined; entry: CatalogueEntry }) {
  const { readOnly } = useForm();
  const { perform } = useEditorActions();
  const set = (change: Partial<Retry>) => {
    if (retry) perform(setSettings(id, { retry: { ...retry, ...change } }));
  };
  const number = (name: "times" | "backoff" | "jitter", label: string, step: number, min: number) => (
    <NumberField
      size="xs"
      label={label}
      value={retry?.[name] ?? (name === "times" ? 0 : RETRY_DEFAULTS[name])}
      step={step}
      minimum={min}
      whole={name === "times"}
      disabled={readOnly}
      onChange={(value) => value !== undefined && set({ [name]: value })}
    />
  );
  return (
    <div data-field="retry" className={classes.fields}>
      <Checkbox
        size="xs"
        label="Retry when it fails"
        checked={retry !== undefined}
        disabled={readOnly}
        onChange={(event) => perform(setSettings(id, { retry: event.currentTarget.checked ? FIRST_RETRY : null }))}
      />
      {retry && (
        <>
          <div className={classes.pair}>
            {number("times", "Retries", 1, 1)}
            <SecondsInput
              label="First wait"
              value={retry.delay ?? RETRY_DEFAULTS.delay}
              onChange={(delay) => set({ delay: delay ?? RETRY_DEFAULTS.delay })}
            />
            {number("backoff", "Multiply each wait by", 0.5, 1)}
            <SecondsInput
              label="Longest wait"
              value={retry.longest ?? RETRY_DEFAULTS.longest}
              onChange={(longest) => set({ longest: longest ?? RETRY_DEFAULTS.longest })}
            />
            {number("jitter", "Random variation", 0.1, 0)}
          </div>
          <TagsInput
            size="xs"
            label="Only these errors"
            placeholder={retry.errors?.length ? "" : "All retryable errors"}
            data={entry.errors.filter(({ kind }) => kind === "application").map(({ type }) => type)}
            value={[...(retry.errors ?? [])]}
            disabled={readOnly}
            onChange={(errors) => set({ errors })}
            clearable
          />
          <div className={classes.quiet}>{waits(retry)}</div>
        </>
      )}
      <FieldProblems path="retry" />
    </div>
  );
}

/** The waits before the attempts in words, so that nobody has to calculate. */
function waits({ times, delay = 1, backoff = 1, longest = 300 }: Retry): string {
  const shown = Array.from({ length: Math.min(Math.max(times, 0), 4) }, (_, index) =>
    Math.min(delay * backoff ** index, longest),
  );
  const list = shown.map((seconds) => `${Math.round(seconds * 10) / 10} s`).join(", ");
  return `Waits ${list}${times > shown.length ? ", …" : ""} between the attempts.`;
}

function PossibleErrors({ entry }: { entry: CatalogueEntry }) {
  if (entry.errors.length === 0) return null;
  return (
    <div>
      <div className={classes.quiet}>Errors that it can raise:</div>
      <ul className={classes.outputs} style={{ marginTop: 4 }}>
        {entry.errors.map(({ type, description, kind }) => (
          <li key={type} className={classes.output}>
            <span className={classes.outputName}>{type}</span>
            {kind === "business" && <span className={classes.quiet}> business</span>}
            <div className={classes.quiet}>{description}</div>
          </li>
        ))}
      </ul>
    </div>
  );
}
