import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The look of every code editor: the colours follow the theme by themselves, for they are Mantine's variables. */
export const editorLooks = [
  EditorView.theme({
    "&": { backgroundColor: "transparent", color: "var(--mantine-color-text)", fontSize: "0.8125rem" },
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": { fontFamily: "inherit", lineHeight: "1.5" },
    ".cm-content": { caretColor: "var(--mantine-color-text)", padding: "5px 0" },
    ".cm-line": { padding: "0 10px" },
    ".cm-cursor": { borderLeftColor: "var(--mantine-color-text)" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
      background: "var(--mantine-primary-color-light-hover)",
    },
    ".cm-gutters": { backgroundColor: "transparent", color: "var(--exekra-code-quiet)", border: "none" },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
    ".cm-placeholder": { color: "var(--exekra-quiet)" },
    ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
      backgroundColor: "transparent",
      boxShadow: "0 0 0 1px var(--exekra-line)",
    },
    ".cm-tooltip": {
      backgroundColor: "var(--mantine-color-body)",
      border: "1px solid var(--exekra-line)",
      borderRadius: "var(--mantine-radius-sm)",
      boxShadow: "var(--mantine-shadow-md)",
      color: "var(--mantine-color-text)",
      fontSize: "0.8125rem",
      zIndex: 400,
    },
    ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mantine-font-family)", maxHeight: "16em" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px", display: "flex", gap: "8px" },
    ".cm-tooltip-autocomplete ul li[aria-selected]": {
      background: "var(--mantine-primary-color-light)",
      color: "var(--mantine-color-text)",
    },
    ".cm-completionLabel": { fontFamily: "var(--mantine-font-family-monospace)" },
    ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
    ".cm-completionDetail": {
      color: "var(--exekra-code-quiet)",
      fontStyle: "normal",
      marginLeft: "auto",
      maxWidth: "16em",
      overflow: "hidden",
      textOverflow: "ellipsis",
      whiteSpace: "nowrap",
    },
    ".cm-tooltip.cm-completionInfo": { padding: "8px 10px", maxWidth: "22rem", whiteSpace: "pre-wrap" },
    ".cm-lintRange-error": {
      backgroundImage: "none",
      textDecoration: "underline wavy var(--exekra-code-wrong)",
      textDecorationSkipInk: "none",
    },
    ".cm-tooltip-lint": { padding: "2px" },
    ".cm-diagnostic": { padding: "4px 8px", borderLeft: "3px solid var(--exekra-code-wrong)" },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: [tags.keyword, tags.modifier], color: "var(--exekra-code-word)" },
      { tag: [tags.string, tags.special(tags.string)], color: "var(--exekra-code-text)" },
      { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--exekra-code-constant)" },
      {
        tag: [tags.function(tags.variableName), tags.definition(tags.function(tags.variableName))],
        color: "var(--exekra-code-function)",
      },
      { tag: [tags.propertyName, tags.attributeName], color: "var(--exekra-code-field)" },
      { tag: [tags.comment, tags.meta], color: "var(--exekra-code-quiet)", fontStyle: "italic" },
      { tag: [tags.operator, tags.punctuation, tags.bracket], color: "var(--exekra-code-quiet)" },
    ]),
  ),
];
