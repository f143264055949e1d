import { Button, Kbd, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import classes from "@/studio/canvas/Canvas.module.css";

/** What a workflow without any step shows: how to begin. */
export function EmptyCanvas({ onPick }: { onPick: (() => void) | null }) {
  return (
    <div className={classes.empty}>
      <div className={classes.emptyCard} data-empty-canvas>
        <Title order={2} size="h3" mb={6}>
          {onPick === null ? "This workflow has no steps" : "What should happen first?"}
        </Title>
        {onPick !== null && (
          <>
            <Text size="sm" c="var(--exekra-quiet)" mb="md">
              Drag a step here from the list on the left or click it, double-click the canvas, or press <Kbd>/</Kbd> to
              search for one. Steps run from top to bottom.
            </Text>
            <Button leftSection={<IconPlus size={16} />} onClick={onPick}>
              Add the first step
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
