import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { useState } from "react";
import { useStudio } from "@/studio/core/studio";
import { isDirty } from "@/studio/state/editor";

/** Asks before a page with unsaved changes is left. */
export function LeaveGuard() {
  const { store, saving } = useStudio();
  const [busy, setBusy] = useState(false);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && isDirty(store.getState()),
    enableBeforeUnload: () => isDirty(store.getState()),
    withResolver: true,
  });
  const saveAndLeave = async () => {
    setBusy(true);
    const saved = await saving.save();
    setBusy(false);
    if (saved) blocker.proceed?.();
    else blocker.reset?.();
  };
  return (
    <Modal opened={blocker.status === "blocked"} onClose={() => blocker.reset?.()} title="Leave without saving?">
      <Stack>
        <Text size="sm">
          There are unsaved changes. If you leave, this browser keeps them and offers them when you come back.
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="subtle" color="gray" onClick={() => blocker.reset?.()}>
            Stay
          </Button>
          <Button variant="default" onClick={() => blocker.proceed?.()}>
            Leave
          </Button>
          <Button loading={busy} onClick={() => void saveAndLeave()} data-autofocus>
            Save and leave
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
