import { ActionIcon, Textarea, Tooltip } from "@mantine/core";
import { IconArrowsMaximize } from "@tabler/icons-react";
import { type MouseEvent, type ReactNode, useMemo, useRef, useState } from "react";
import { StaticTemplate } from "@/shared/code/StaticTemplate";
import { templateParts, templateProblem, withBraces } from "@/shared/flow/template";
import { openExpressionDialog } from "@/studio/expressions/dialogState";
import { useExpressionPlace } from "@/studio/expressions/names";
import classes from "@/studio/expressions/TemplateInput.module.css";
import { insideBraces } from "@/studio/expressions/reading";
import { TrialLine } from "@/studio/expressions/TrialLine";
import { LONGEST_TRIED, useTrial } from "@/studio/expressions/useTrial";
import { ValueMenu } from "@/studio/expressions/ValueMenu";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { lazyPart } from "@/shared/ui/lazyPart";
import { afterPress, useSteady } from "@/shared/ui/press";

const TemplateEditor = lazyPart(() => import("@/studio/expressions/TemplateEditor"), "TemplateEditor");

/** Loads the editor before somebody needs it. */
export function preloadTemplateEditor(): void {
  void TemplateEditor.preload();
}

export interface TemplateInputProps {
  value: string;
  onChange: (value: string) => void;
  label: string;
  describedBy?: string | undefined;
  placeholder?: string | undefined;
  multiline?: boolean;
  /** Whether it holds an expression rather than a text: shown in the letters of code. */
  code?: boolean;
  invalid?: boolean;
  readOnly?: boolean;
  icon?: ReactNode;
  /** The field's name, for which names are in reach. */
  field?: string | undefined;
  /** The type that the value should have, in the language's words, where only one will do. */
  wanted?: string | undefined;
  onLeave?: () => void;
  autoFocus?: boolean;
}

/**
 * A field for a template. It is only text with colours until it has the focus: forty of them are cheap. Then an editor
 * with completion and a preview stands in its place.
 */
export function TemplateInput(props: TemplateInputProps) {
  const { value, label, describedBy, placeholder, multiline = false, code = false, invalid, readOnly = false } = props;
  const [editing, setEditing] = useState<{ caret?: number } | null>(props.autoFocus && !readOnly ? {} : null);
  const field = useRef<HTMLDivElement>(null);
  const { want } = useExpressionPlace();
  const begin = (caret?: number) => {
    if (readOnly) return;
    want(props.field ?? null);
    setEditing(caret === undefined ? {} : { caret });
  };
  // Its editor and preview stay while a pointer is down, and somebody may have come back by then.
  const end = () =>
    afterPress(() => {
      if (field.current?.contains(document.activeElement) !== true) setEditing(null);
    });
  const openDialog = () => openExpressionDialog({ ...props, multiline: true });
  const insert = useRef<((expression: string) => void) | null>(null);
  const put = (expression: string) => {
    if (editing !== null && insert.current !== null) insert.current(expression);
    else props.onChange(`${value}${insideBraces(value, value.length, expression)}`);
  };
  return (
    <div
      className={classes.field}
      data-invalid={invalid || undefined}
      data-code={code || undefined}
      data-read-only={readOnly || undefined}
      data-multiline={multiline || undefined}
    >
      {props.icon && <span className={classes.icon}>{props.icon}</span>}
      <div ref={field} className={classes.text}>
        {editing === null ? (
          <div
            className={classes.static}
            role="textbox"
            tabIndex={0}
            aria-label={label}
            aria-describedby={describedBy}
            aria-multiline={multiline}
            aria-invalid={invalid || undefined}
            aria-readonly={readOnly || undefined}
            onMouseDown={(event) => {
              if (event.button !== 0 || readOnly) return;
              event.preventDefault();
              begin(caretAt(event));
            }}
            onFocus={() => begin()}
          >
            {value === "" ? <span className={classes.placeholder}>{placeholder ?? "\u200b"}</span> : null}
            <StaticTemplate text={value} />
          </div>
        ) : (
          <Editing
            {...props}
            caret={editing.caret}
            onReady={(write) => (insert.current = write)}
            onLeave={end}
            leave={props.onLeave}
          />
        )}
      </div>
      {!readOnly && (
        <div className={classes.tools}>
          <Tooltip label="Open the large editor" openDelay={400}>
            <ActionIcon
              className={classes.open}
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={`Open the large editor for ${label}`}
              onMouseDown={(event) => event.preventDefault()}
              onClick={openDialog}
            >
              <IconArrowsMaximize size={14} />
            </ActionIcon>
          </Tooltip>
          <ValueMenu label={label} field={props.field} onChoose={put} />
        </div>
      )}
    </div>
  );
}

function Editing(
  props: TemplateInputProps & {
    caret: number | undefined;
    onReady: (insert: (expression: string) => void) => void;
    leave: (() => void) | undefined;
    onLeave: () => void;
  },
) {
  const { value, onChange, label, describedBy, placeholder, multiline = false, wanted, onReady } = props;
  // What is typed before the editor is here moves it.
  const [caret, setCaret] = useState(props.caret);
  const trial = useTrial(value);
  const local = useMemo(() => (value.length > LONGEST_TRIED ? null : templateProblem(value)), [value]);
  const problems = useMemo(() => (local ? [local] : trial.problem ? [trial.problem] : []), [local, trial.problem]);
  // The editor gives what was typed last when it is left: what is told of it must not move what is being pressed.
  const told = { text: useSteady(value), local: useSteady(local), problem: useSteady(trial.problem) };
  const invalid = useSteady(props.invalid ?? false);
  const onBlur = () => {
    props.leave?.();
    props.onLeave();
  };
  const waiting = (
    <Textarea
      variant="unstyled"
      aria-label={label}
      value={value}
      onFocus={({ currentTarget: area }) => {
        const at = caret ?? area.value.length;
        area.setSelectionRange(at, at);
      }}
      onChange={({ currentTarget: area }) => {
        onChange(area.value);
        setCaret(area.selectionStart);
      }}
      onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
      onBlur={(event) => {
        const area = event.currentTarget;
        // It is also left when the editor takes its place.
        setTimeout(() => area.isConnected && onBlur());
      }}
      autoFocus
      autosize
      minRows={1}
      px={10}
    />
  );
  return (
    <>
      <ErrorBoundary waiting={waiting}>
        <TemplateEditor
          {...{ value, onChange, label, describedBy, placeholder, multiline, problems, caret, onBlur, wanted }}
          onReady={onReady}
        />
      </ErrorBoundary>
      <TrialLine text={told.text} trial={{ ...trial, problem: told.problem }} problem={told.local} told={invalid} />
      {props.code && isPlain(told.text) && (
        <div className={classes.hint}>
          This is plain text. An expression is written in braces and begins with a letter: {"{total > 10}"}
        </div>
      )}
    </>
  );
}

/** Whether a text that should be an expression is not one, and braces around it would not make it one. */
function isPlain(text: string): boolean {
  return text.trim() !== "" && withBraces(text) === text && templateParts(text).every(({ kind }) => kind === "text");
}

/** The character that was clicked on, counted in the field's text. */
function caretAt(event: MouseEvent<HTMLElement>): number | undefined {
  const found = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  const field = event.currentTarget;
  if (!found || !field.contains(found.offsetNode) || found.offsetNode.nodeType !== Node.TEXT_NODE) return undefined;
  const before = document.createRange();
  before.setStart(field, 0);
  before.setEnd(found.offsetNode, found.offset);
  return before.toString().length;
}
