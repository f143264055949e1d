import { Alert, Button, Group, Modal, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconDownload, IconGitMerge } from "@tabler/icons-react";
import { useMemo } from "react";
import { useStore } from "zustand";
import { writeDocument } from "@/shared/flow/writeDocument";
import { useUser } from "@/shared/session/session";
import { Ago } from "@/shared/ui/Ago";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { ChangeArea } from "@/studio/keeping/ChangeArea";
import { compareFlows } from "@/studio/model/compare";
import { mergeFlows } from "@/studio/model/merge";
import { useStudio } from "@/studio/core/studio";
import { useEditor } from "@/studio/state/editor";
import type { Conflict } from "@/studio/state/saving";

/** Somebody else saved in the meantime: says who, shows what both did, and loses nothing. */
export function ConflictDialog() {
  const { saving } = useStudio();
  const conflict = useStore(saving.store, (state) => state.conflict);
  const mine = useUser().id === conflict?.theirs.created_by;
  return (
    <Modal
      opened={conflict !== null}
      onClose={() => saving.dismiss()}
      title={mine ? "Saved in another tab" : "Somebody else saved this workflow"}
      size="xl"
      closeButtonProps={{ "aria-label": "Decide later" }}
    >
      <ErrorBoundary what="The dialog">{conflict !== null && <Choices conflict={conflict} />}</ErrorBoundary>
    </Modal>
  );
}

function Choices({ conflict }: { conflict: Conflict }) {
  const { saving, store } = useStudio();
  const { theirs, theirFlow, base } = conflict;
  const mine = useEditor((state) => state.flow);
  const ownTab = useUser().id === theirs.created_by;
  const catalogue = useEditor((state) => state.catalogue);
  const basedOn = useEditor((state) => state.basedOn);
  const merged = useMemo(() => mergeFlows(base, mine, theirFlow, catalogue), [base, mine, theirFlow, catalogue]);
  const theirChanges = ownTab ? "Changed in the other tab" : "What they changed";
  const settle = (flow: typeof mine, save: boolean) => {
    saving.settle(flow);
    if (save) void saving.save();
  };
  return (
    <Stack>
      <Text size="sm">
        You started from version {basedOn}. {ownTab ? "You" : (theirs.author ?? "Somebody")} saved version{" "}
        {theirs.number} <Ago at={theirs.created_at} />. Your changes are not lost: choose how to continue.
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Stack gap="xs">
          <Title order={3} size="h5">
            {theirChanges}
          </Title>
          <ChangeArea changes={compareFlows(base, theirFlow)} label={theirChanges} />
        </Stack>
        <Stack gap="xs">
          <Title order={3} size="h5">
            What you changed
          </Title>
          <ChangeArea changes={compareFlows(base, mine)} label="What you changed" />
        </Stack>
      </SimpleGrid>
      {merged.conflicts.length > 0 && (
        <Alert color="yellow" title="You both edited the same parts">
          <Text size="sm">{merged.conflicts.slice(0, 12).join(", ")}. They cannot be merged here.</Text>
        </Alert>
      )}
      <Group justify="space-between">
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconDownload size={16} />}
          onClick={() => download(store.getState().flow)}
        >
          Download mine
        </Button>
        <Group gap="xs">
          <Button variant="default" onClick={() => settle(theirFlow, false)}>
            Take theirs
          </Button>
          <Button variant={merged.conflicts.length > 0 ? "filled" : "default"} onClick={() => settle(mine, true)}>
            Save mine over theirs
          </Button>
          {merged.conflicts.length === 0 && (
            <Button leftSection={<IconGitMerge size={16} />} onClick={() => settle(merged.flow, true)} data-autofocus>
              Save both merged
            </Button>
          )}
        </Group>
      </Group>
      <Text size="xs" c="var(--exekra-quiet)">
        All versions are kept. After taking theirs, Undo brings yours back.
      </Text>
    </Stack>
  );
}

function download(flow: Parameters<typeof writeDocument>[0]): void {
  const file = new Blob([JSON.stringify(writeDocument(flow), null, 2)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${flow.name.replaceAll(/[^\p{L}\p{N}]+/gu, "-") || "workflow"}.flow.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}
