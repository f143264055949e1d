import { FORMAT } from "@/shared/flow/document";

const FENCED = /```[^\n]*\n([\s\S]*?)```/g;
const FORMAT_LINE = `\nformat: ${FORMAT}`;
const NAME_LINE = "\nname: Pasted";
const STEP = /(?:^|[\s{,])["']?do["']?: *\S/;

/**
 * The text of a whole workflow for a text that holds steps: a document, or a part of one as it stands in a chat or in
 * documentation, with only `nodes` and `edges`, or only the steps. Null for a text that holds none.
 */
export function wholeText(pasted: string): string | null {
  const fenced = [...pasted.matchAll(FENCED)].map(([, inside = ""]) => inside);
  const text = withoutIndent(fenced.find((inside) => STEP.test(inside)) ?? pasted);
  if (!STEP.test(text)) return null;
  if (text.startsWith("{")) return text;
  const lacks = (section: string) => !new RegExp(`^["']?${section}["']?:`, "m").test(text);
  if (lacks("nodes")) return `nodes:\n${text.replaceAll(/^(?=.)/gm, "  ")}${FORMAT_LINE}${NAME_LINE}`;
  // At the end, so that the lines in what the Hub says are those of the text.
  return `${text}${lacks("format") ? FORMAT_LINE : ""}${lacks("name") ? NAME_LINE : ""}`;
}

/** Without empty lines around it, and without what all lines are indented by. */
function withoutIndent(text: string): string {
  const lines = text
    .replace(/^\ufeff/, "")
    .replaceAll("\r\n", "\n")
    .replace(/^(?:[^\S\n]*\n)+/, "")
    .trimEnd()
    .split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const common = Math.min(...indents);
  return lines.map((line) => line.slice(common)).join("\n");
}
