import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, lineNumbers, placeholder as placeholderText } from "@codemirror/view";
import { useEffect, useRef } from "react";
import classes from "@/shared/code/CodeEditor.module.css";
import { editorLooks } from "@/shared/code/editorLooks";

export type CodeLanguage = "python" | "javascript" | "json" | "yaml" | "plain";

const LANGUAGES: Record<CodeLanguage, () => Extension> = { python, javascript, json, yaml, plain: () => [] };

export interface CodeEditorProps {
  value: string;
  onChange?: (value: string) => void;
  language: CodeLanguage;
  label: string;
  describedBy?: string | undefined;
  placeholder?: string;
  invalid?: boolean;
  /** A height in CSS; otherwise the editor grows with its text. */
  height?: string;
  autoFocus?: boolean;
}

/** A code editor. Tab indents; Escape and then Tab leaves it. Without `onChange` it only shows. */
export function CodeEditor(props: CodeEditorProps) {
  const { value, language, label, describedBy, placeholder = "", invalid = false, height, autoFocus = false } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const readOnly = props.onChange === undefined;
  useEffect(() => {
    if (!place.current) return;
    const attributes: Record<string, string> = { "aria-label": label, "aria-multiline": "true" };
    if (describedBy) attributes["aria-describedby"] = describedBy;
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          lineNumbers(),
          history(),
          bracketMatching(),
          closeBrackets(),
          indentOnInput(),
          autocompletion(),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
          LANGUAGES[language](),
          editorLooks,
          EditorView.contentAttributes.of(attributes),
          placeholderText(placeholder),
          EditorState.readOnly.of(readOnly),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    if (autoFocus) made.focus();
    return () => made.destroy();
  }, [language, label, describedBy, placeholder, readOnly, autoFocus]);
  useEffect(() => {
    const made = view.current;
    if (!made || made.state.doc.toString() === value) return;
    made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: value } });
  }, [value]);
  return (
    <div
      ref={place}
      className={classes.editor}
      data-invalid={invalid || undefined}
      style={height === undefined ? undefined : { height }}
    />
  );
}
