import { Modal, Tabs } from "@mantine/core";
import { IconFileImport, IconPencil } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { EmptyForm } from "@/features/workflows/create/EmptyForm";
import { ImportForm } from "@/features/workflows/create/ImportForm";
import { studioPage } from "@/shared/workflows/links";

/** Make a workflow, empty or of a file; it opens in Studio. */
export function NewWorkflowDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const open = (id: string) => {
    onClose();
    void navigate(studioPage(id));
  };
  return (
    <Modal opened={opened} onClose={onClose} title="New workflow" size="lg">
      <Tabs defaultValue="empty">
        <Tabs.List mb="md">
          <Tabs.Tab value="empty" leftSection={<IconPencil size={16} />}>
            Draw it
          </Tabs.Tab>
          <Tabs.Tab value="import" leftSection={<IconFileImport size={16} />}>
            Import it
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="empty">
          <EmptyForm onMade={open} onClose={onClose} />
        </Tabs.Panel>
        <Tabs.Panel value="import">
          <ImportForm onMade={open} onClose={onClose} />
        </Tabs.Panel>
      </Tabs>
    </Modal>
  );
}
