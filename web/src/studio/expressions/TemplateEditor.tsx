import { acceptCompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { EditorState, type Extension, Prec } from "@codemirror/state";
import { EditorView, keymap, placeholder as placeholderText, tooltips } from "@codemirror/view";
import { useEffect, useLayoutEffect, useRef } from "react";
import { editorLooks } from "@/shared/code/editorLooks";
import type { TextProblem } from "@/shared/flow/expressionTokens";
import type { CompletionSource } from "@/studio/expressions/completion";
import { useExpressionPlace } from "@/studio/expressions/names";
import { insideBraces } from "@/studio/expressions/reading";
import { AfterPaint } from "@/studio/expressions/afterPaint";
import {
  callHelp,
  colours,
  completion,
  EXPRESSION,
  showProblems,
  type Reading,
  TEMPLATE,
} from "@/studio/expressions/templateExtension";

export interface TemplateEditorProps {
  value: string;
  onChange: (value: string) => void;
  label: string;
  describedBy?: string | undefined;
  placeholder?: string | undefined;
  /** Whether Enter makes a new line. */
  multiline: boolean;
  /** Whether all of it is one expression, without braces. */
  bare?: boolean;
  problems: readonly TextProblem[];
  /** The type that the value should have, in the language's words. */
  wanted?: string | undefined;
  /** Where the cursor stands at first; at the end when left out. */
  caret?: number | undefined;
  onBlur?: () => void;
  /** Enter on the only line, and Escape, when nothing is offered that they would take or close. */
  onEnter?: () => void;
  onEscape?: () => void;
  /** Gives the way to insert an expression at the cursor; braces are put around it where they are needed. */
  onReady?: (insert: (expression: string) => void) => void;
}

/** The editor behind a template's field; it takes the focus when it appears. */
export function TemplateEditor(props: TemplateEditorProps) {
  const { value, label, describedBy, placeholder = "", multiline, bare = false, problems } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const sent = useRef(value);
  const known = useExpressionPlace();
  const latest = useRef({ props, known });
  useEffect(() => {
    latest.current = { props, known };
  });
  useEffect(() => {
    if (!place.current) return;
    let gone = false;
    const source = () => {
      const { names, functions, scope } = latest.current.known;
      return { names, functions, scope: scope?.values ?? null, wanted: latest.current.props.wanted };
    };
    const { value: doc, caret } = latest.current.props;
    const anchor = Math.min(caret ?? doc.length, doc.length);
    const afterPaint = new AfterPaint(() => {
      const text = made.state.doc.toString();
      sent.current = text;
      latest.current.props.onChange(text);
    });
    const done = (what: "onEnter" | "onEscape") => {
      afterPaint.now();
      latest.current.props[what]?.();
      return latest.current.props[what] !== undefined;
    };
    // An editor that is taken away loses the focus too, but nobody left it.
    const leave = () => void (gone || latest.current.props.onBlur?.());
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc,
        selection: { anchor },
        extensions: [
          // Before what Enter means elsewhere; what is offered takes it first all the same.
          multiline ? [] : oneLine(done),
          language(source, bare ? EXPRESSION : TEMPLATE),
          events(afterPaint, leave),
          EditorView.contentAttributes.of({
            "aria-label": label,
            "aria-multiline": String(multiline),
            spellcheck: "false",
            ...(describedBy && { "aria-describedby": describedBy }),
          }),
          placeholderText(placeholder),
        ],
      }),
    });
    view.current = made;
    made.focus();
    latest.current.props.onReady?.((expression) => {
      const { head } = made.state.selection.main;
      made.dispatch(made.state.replaceSelection(insideBraces(made.state.doc.toString(), head, expression)));
      made.focus();
    });
    return () => {
      gone = true;
      afterPaint.now();
      made.destroy();
    };
  }, [label, describedBy, placeholder, multiline, bare]);
  // At once, before more is typed and sent: a value that is late would take it away.
  useLayoutEffect(() => {
    const made = view.current;
    // What was typed since the value was sent is newer than the value.
    if (!made || value === sent.current || made.state.doc.toString() === value) return;
    sent.current = value;
    made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    if (view.current) showProblems(view.current, problems);
  }, [problems]);
  return <div ref={place} />;
}

function language(source: () => CompletionSource, reading: Reading): Extension {
  return [
    keys,
    history(),
    closeBrackets(),
    bracketMatching(),
    colours(reading),
    completion(source, reading),
    callHelp(source, reading),
    editorLooks,
    EditorView.lineWrapping,
    tooltips({ parent: document.body, position: "fixed" }),
  ];
}

function events(afterPaint: AfterPaint, leave: () => void): Extension {
  return [
    EditorView.updateListener.of((update) => {
      if (update.docChanged) afterPaint.ask();
    }),
    EditorView.domEventHandlers({
      // Shortcuts such as Save and Run want all that was typed.
      keydown: (event) => {
        if (event.ctrlKey || event.metaKey || /^F\d/.test(event.key)) afterPaint.now();
      },
      blur: (_event, view) => {
        afterPaint.now();
        // While another window has the focus, this is still the field that somebody is in.
        if (document.activeElement !== view.contentDOM) leave();
      },
    }),
  ];
}

/** Tab takes what is offered, and otherwise leaves the field as everywhere. */
const keys: Extension = [
  Prec.high(keymap.of([{ key: "Tab", run: acceptCompletion }])),
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
];

/** Enter makes no line, and lines that are pasted become one. */
const oneLine = (done: (what: "onEnter" | "onEscape") => boolean): Extension => [
  keymap.of([
    { key: "Enter", run: () => done("onEnter") || true },
    { key: "Shift-Enter", run: () => true },
    { key: "Escape", run: () => done("onEscape") },
  ]),
  EditorState.transactionFilter.of((transaction) => {
    if (!transaction.docChanged || transaction.newDoc.lines === 1) return transaction;
    const text = transaction.newDoc.toString().replace(/\s*\n\s*/g, " ");
    const anchor = Math.min(transaction.newSelection.main.head, text.length);
    return { changes: { from: 0, to: transaction.startState.doc.length, insert: text }, selection: { anchor } };
  }),
];
