import { IconAlertTriangle } from "@tabler/icons-react";
import { type Warned, warningsInWords } from "@/shared/flow/warnings";

/** The mark of a node that wrote warnings, with the last of them as its title; an empty place where it wrote none. */
export function WarningMark({ warned }: { warned: Warned }) {
  const words = warningsInWords(warned);
  if (words === "") return <span />;
  return (
    <span title={words} style={{ display: "inline-flex" }}>
      <IconAlertTriangle size={15} color="var(--exekra-careful)" role="img" aria-label={words} />
    </span>
  );
}
