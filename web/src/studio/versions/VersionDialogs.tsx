import { Modal } from "@mantine/core";
import { useEffect } from "react";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { openVersionDialog, useVersionDialog } from "@/studio/versions/dialogs";
import { ImportDialog } from "@/studio/versions/ImportDialog";
import { PublishDialog } from "@/studio/versions/PublishDialog";
import { VersionList } from "@/studio/versions/VersionList";

const TITLES = { publish: "Publish", versions: "Versions", import: "Import from a file" } as const;

/** The dialogs about the workflow's versions. */
export function VersionDialogs() {
  const open = useVersionDialog((state) => state.open);
  const close = () => openVersionDialog(null);
  useEffect(() => close, []);
  return (
    <Modal
      opened={open !== null}
      onClose={close}
      title={open === null ? "" : TITLES[open]}
      size={open === "versions" ? "xl" : "lg"}
    >
      <ErrorBoundary what="The dialog">
        {open === "publish" && <PublishDialog onClose={close} />}
        {open === "versions" && <VersionList onClose={close} />}
        {open === "import" && <ImportDialog onClose={close} />}
      </ErrorBoundary>
    </Modal>
  );
}
