import { memo, useState } from "react";
import { Badge, Code, CopyButton, Popover, Tooltip, UnstyledButton } from "@mantine/core";
import type { CatalogueEntry } from "@/shared/flow/catalogue";
import type { Json } from "@/shared/flow/document";
import { Ago } from "@/shared/ui/Ago";
import { useEscape } from "@/shared/ui/useEscape";
import { duration } from "@/shared/format/time";
import { type NodeVisit, useLastRun, useVisits } from "@/studio/expressions/useLastRun";
import { shortValue } from "@/studio/expressions/shortValue";
import { ValuePreview } from "@/studio/expressions/ValuePreview";
import { typeOf, valueAt } from "@/studio/expressions/reading";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";
import classes from "@/studio/properties/PropertiesPanel.module.css";
import { shapeOf } from "@/studio/form/schema";
import { Section } from "@/studio/form/Section";

interface ResultsProps {
  id: string;
  activity: string;
  entry: CatalogueEntry;
}

/** What later steps can read of this one, with the values of the last run. */
export const NodeResults = memo(function NodeResults({ id, activity, entry }: ResultsProps) {
  const visit = useVisits(useLastRun()).get(id);
  const outputs = outputsOf(activity, entry, visit);
  if (outputs.length === 0 && visit === undefined) return null;
  return (
    <Section name="results" title="Results" note={outputs.length > 0 ? outputs.length : undefined}>
      {visit && <LastVisit visit={visit} />}
      <ul className={classes.outputs}>
        {outputs.map(({ name, description, type }) => {
          const value = visit?.preview === undefined ? undefined : valueAt(visit.preview as Json, [name]);
          return (
            <li key={name} className={classes.output}>
              <span className={classes.outputHead}>
                <CopyButton value={`{${id}.${name}}`}>
                  {({ copied, copy }) => (
                    <Tooltip label={copied ? "Copied" : `Copy {${id}.${name}}`} openDelay={200}>
                      <UnstyledButton className={classes.outputName} onClick={copy} aria-label={`Copy {${id}.${name}}`}>
                        {name}
                      </UnstyledButton>
                    </Tooltip>
                  )}
                </CopyButton>
                <span className={classes.quiet}>{type}</span>
              </span>
              {description && (
                <div className={classes.quiet}>
                  <PlainMarkup text={description} />
                </div>
              )}
              {value !== undefined && <LastValue name={name} value={value} />}
            </li>
          );
        })}
      </ul>
    </Section>
  );
});

/** A value of the last run on one line; a click shows it as it is best read. */
function LastValue({ name, value }: { name: string; value: Json }) {
  const [open, setOpen] = useState(false);
  useEscape(open, () => setOpen(false));
  return (
    <Popover opened={open} onChange={setOpen} closeOnEscape={false} position="left-start" withinPortal shadow="md">
      <Popover.Target>
        <UnstyledButton
          className={classes.lastButton}
          onClick={() => setOpen(!open)}
          title={`Show ${name} of the last run`}
        >
          <Code className={classes.last} fz="inherit">
            {shortValue(value, 200)}
          </Code>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown miw={320} maw="min(760px, 60vw)" mah={380} style={{ overflow: "auto" }}>
        <ValuePreview value={value} />
      </Popover.Dropdown>
    </Popover>
  );
}

function LastVisit({ visit }: { visit: NodeVisit }) {
  const failed = visit.state === "failed";
  return (
    <div className={classes.quiet} style={{ marginBottom: 8 }}>
      Last run: <Ago at={visit.left_at ?? visit.entered_at} />
      {visit.seconds !== null && `, took ${duration(visit.seconds)}`}
      {visit.visits > 1 && `, ${visit.visits.toLocaleString("en")} times`}
      {failed && (
        <>
          {" "}
          <Badge size="xs" color="red" variant="light" radius="sm" tt="none">
            {visit.failure?.type ?? "Failed"}
          </Badge>{" "}
          <PlainMarkup text={visit.failure?.message ?? ""} />
        </>
      )}
    </div>
  );
}

/** The outputs that the catalogue tells; of a called workflow those that the last run had. */
function outputsOf(activity: string, entry: CatalogueEntry, visit: NodeVisit | undefined) {
  const told = entry.outputs.map(({ name, description, schema }) => ({ name, description, type: typeWord(schema) }));
  const preview = visit?.preview;
  if (told.length > 0 || activity !== "call_workflow" || typeof preview !== "object" || preview === null) return told;
  return Object.entries(preview as Record<string, Json>).map(([name, value]) => ({
    name,
    description: "",
    type: typeOf(value),
  }));
}

/** The type of an output in the language's words. */
function typeWord(schema: CatalogueEntry["outputs"][number]["schema"]): string {
  const { widget } = shapeOf(schema);
  if (widget === "multiline" || widget === "choice" || widget === "selector") return "text";
  if (widget === "switch") return "boolean";
  return widget === "seconds" ? "number" : widget;
}
