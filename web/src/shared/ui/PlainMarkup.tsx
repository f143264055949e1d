import { Code } from "@mantine/core";

/** The text of a docstring or of a message: `code` in backticks, paragraphs at empty lines. Nothing else is markup. */
export function PlainMarkup({ text }: { text: string }) {
  return text.split(/\n\s*\n/).map((paragraph, index) => (
    <span key={index} style={index > 0 ? { display: "block", marginTop: 6 } : undefined}>
      {paragraph.split(/(`[^`\n]+`)/).map((part, place) =>
        part.length > 2 && part.startsWith("`") && part.endsWith("`") ? (
          <Code key={place} fz="inherit" px={3} py={0}>
            {part.slice(1, -1)}
          </Code>
        ) : (
          part
        ),
      )}
    </span>
  ));
}
