/** The parts of a CodeMirror editor that know templates and expressions: colours, completion, help with calls, underlined problems. */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { type EditorState, type Extension, RangeSetBuilder, StateField } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import {
  Decoration,
  type DecorationSet,
  showTooltip,
  type Tooltip,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { expressionMarks, type Mark, templateMarks } from "@/shared/code/templateMarks";
import type { TextProblem } from "@/shared/flow/expressionTokens";
import { type CompletionSource, type Offer, offersAt } from "@/studio/expressions/completion";
import { callAt, expressionAt, wholeAt } from "@/studio/expressions/reading";

/** Where expressions stand in the text that is edited, and how it looks. */
export interface Reading {
  readonly at: typeof expressionAt;
  readonly marks: (text: string) => Mark[];
}

/** A text with expressions in braces. */
export const TEMPLATE: Reading = { at: expressionAt, marks: templateMarks };

/** An expression without braces. */
export const EXPRESSION: Reading = { at: wholeAt, marks: expressionMarks };

/** Characters beyond which a text has no colours: they would be found anew with each key. */
const COLOURED = 50_000;

/** Colours expressions. */
export function colours({ marks }: Reading): Extension {
  const colouring = ({ doc }: EditorState) => decorationsOf(doc.length > COLOURED ? [] : marks(doc.toString()));
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;

      constructor({ state }: EditorView) {
        this.decorations = colouring(state);
      }

      update({ docChanged, state }: ViewUpdate) {
        if (docChanged) this.decorations = colouring(state);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}

function decorationsOf(marks: readonly Mark[]): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const add = (mark: Mark) => {
    builder.add(mark.from, mark.to, Decoration.mark({ class: mark.className }));
    mark.inner?.forEach(add);
  };
  marks.forEach(add);
  return builder.finish();
}

/** Completion out of what `source` gives when it is asked. */
export function completion(source: () => CompletionSource, { at }: Reading): Extension {
  const complete = (context: CompletionContext): CompletionResult | null => {
    const found = offersAt(context.state.doc.toString(), context.pos, source(), context.explicit, at);
    return found && { from: found.from, options: found.offers.map(completionOf), validFor: /^[\p{ID_Continue}]*$/u };
  };
  return autocompletion({ override: [complete], icons: false, maxRenderedOptions: 60, activateOnTypingDelay: 50 });
}

function completionOf(offer: Offer): Completion {
  const { label, kind, type, description, boost } = offer;
  return {
    label,
    boost,
    detail: kind === "field" || kind === "word" ? type : [kind.replace("-", " "), type].filter(Boolean).join(", "),
    ...(description.trim() && { info: description.trim() }),
    apply: (view, _completion, from, to) => {
      const start = offer.replacesDot && view.state.sliceDoc(from - 1, from) === "." ? from - 1 : from;
      // The brackets of a function are there already where somebody changes its name.
      const called = kind === "function" && view.state.sliceDoc(to, to + 1) === "(";
      const insert = called ? label : offer.insert;
      const anchor = start + insert.length - (called ? 0 : offer.back);
      view.dispatch({ changes: { from: start, to, insert }, selection: { anchor }, userEvent: "input.complete" });
    },
  };
}

/** Shows the signature of the function whose arguments are being typed. */
export function callHelp(source: () => CompletionSource, { at }: Reading): Extension {
  const tooltip = (text: string, position: number): Tooltip | null => {
    const inside = at(text, position);
    const call = inside && callAt(inside.source, inside.position);
    const known =
      call && source().functions.find(({ name, aliases }) => name === call.name || aliases.includes(call.name));
    if (!inside || !call || !known) return null;
    return {
      pos: position - inside.position + call.from,
      above: true,
      create: () => ({ dom: signatureElement(known.signature, call.argument, known.summary) }),
    };
  };
  return StateField.define<Tooltip | null>({
    create: () => null,
    update: (value, transaction) => {
      if (!transaction.docChanged && !transaction.selection) return value;
      return tooltip(transaction.newDoc.toString(), transaction.newSelection.main.head);
    },
    provide: (field) => showTooltip.from(field),
  });
}

function signatureElement(signature: string, argument: number, summary: string): HTMLElement {
  const box = document.createElement("div");
  box.style.cssText = "padding: 4px 8px; max-width: 30rem";
  const [head = "", tail = ""] = [
    signature.slice(0, signature.indexOf("(") + 1),
    signature.slice(signature.indexOf("(") + 1),
  ];
  const end = tail.lastIndexOf(")");
  const parameters = tail.slice(0, end).split(/, (?=\*?\w+: )/);
  const line = document.createElement("div");
  line.style.fontFamily = "var(--mantine-font-family-monospace)";
  line.append(head);
  parameters.forEach((parameter, index) => {
    const current = index === argument || (parameter.startsWith("*") && argument > index);
    const part = document.createElement(current ? "strong" : "span");
    part.textContent = parameter;
    line.append(...(index > 0 ? [", "] : []), part);
  });
  line.append(tail.slice(end));
  const told = document.createElement("div");
  told.textContent = summary;
  told.style.color = "var(--exekra-code-quiet)";
  box.append(line, told);
  return box;
}

/** Underlines problems in the editor. */
export function showProblems(view: EditorView, problems: readonly TextProblem[]): void {
  const length = view.state.doc.length;
  const shown = problems.map(({ message, from, to }): Diagnostic => {
    const start = Math.min(from, length);
    return { from: start, to: Math.max(Math.min(to, length), start), severity: "error", message };
  });
  view.dispatch(setDiagnostics(view.state, shown));
}
