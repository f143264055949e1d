import { Modal } from "@mantine/core";
import { closeDialog, forgetDialog, useDialogs } from "@/shared/ui/dialogs";

/** The dialogs that `openDialog` opened. */
export function Dialogs() {
  return useDialogs().map(({ id, title, content, opened }) => (
    <Modal
      key={id}
      opened={opened}
      onClose={() => closeDialog(id)}
      onExitTransitionEnd={() => forgetDialog(id)}
      title={title}
    >
      {content}
    </Modal>
  ));
}
