import { Button, Kbd, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { EntryIcon } from "@/shared/flow/icons";
import classes from "@/studio/canvas/Canvas.module.css";
import type { CanvasPort } from "@/studio/core/canvasPort";
import { useEditor } from "@/studio/state/editor";

/** What many workflows begin with: where their data comes from. */
const FIRST_STEPS = ["csv.read", "excel.read_range", "file.list", "http.request", "browser.open"];

/** What a workflow without any step shows: how to begin. Null for the port where one may only look. */
export function EmptyCanvas({ port }: { port: CanvasPort | null }) {
  return (
    <div className={classes.empty}>
      <div className={classes.emptyCard} data-empty-canvas>
        <Title order={2} size="h3" mb={6}>
          {port === null ? "This workflow has no steps" : "What should happen first?"}
        </Title>
        {port !== null && (
          <>
            <Text size="sm" c="var(--exekra-quiet)" mb="md">
              Drag a step here from the list on the left or click it, double-click the canvas, or press <Kbd>/</Kbd> to
              search for one. Steps run from top to bottom.
            </Text>
            <Button leftSection={<IconPlus size={16} />} onClick={() => port.pick()}>
              Add the first step
            </Button>
            <FirstSteps port={port} />
          </>
        )}
      </div>
    </div>
  );
}

function FirstSteps({ port }: { port: CanvasPort }) {
  const catalogue = useEditor((state) => state.catalogue);
  const entries = FIRST_STEPS.map((id) => catalogue.get(id)).filter((entry) => entry !== undefined);
  return (
    <div className={classes.firstSteps} role="group" aria-label="Common first steps">
      {entries.map((entry) => (
        <Button
          key={entry.id}
          size="compact-sm"
          variant="default"
          leftSection={<EntryIcon entry={entry} size={14} />}
          onClick={() => port.insert(entry.id)}
        >
          {entry.title}
        </Button>
      ))}
    </div>
  );
}
