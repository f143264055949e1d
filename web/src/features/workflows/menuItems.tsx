import { Menu } from "@mantine/core";
import { IconArchive, IconArchiveOff, IconCopy, IconDownload } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { askToArchive, askToDuplicate, exportAddress, restore } from "@/features/workflows/actions";
import type { Overview } from "@/features/workflows/queries";
import type { Workflow } from "@/shared/workflows/queries";
import { toldError } from "@/shared/ui/told";
import { workflowPage } from "@/shared/workflows/links";

interface Props {
  workflow: Workflow | Overview;
}

/** Downloads of a workflow. */
export function ExportItems({ workflow }: Props) {
  return (
    <>
      <Menu.Item component="a" href={exportAddress(workflow.id, "whole")} leftSection={<IconDownload size={16} />}>
        Export
      </Menu.Item>
      <Menu.Item component="a" href={exportAddress(workflow.id, "json")} leftSection={<IconDownload size={16} />}>
        Export as JSON
      </Menu.Item>
    </>
  );
}

/** Makes another workflow like this one, and goes there. */
export function DuplicateItem({ workflow }: Props) {
  const navigate = useNavigate();
  return (
    <Menu.Item
      leftSection={<IconCopy size={16} />}
      onClick={() => askToDuplicate(workflow, (id) => void navigate(workflowPage(id)))}
    >
      Duplicate…
    </Menu.Item>
  );
}

/** Archives a workflow, or takes it out of the archive. */
export function ArchiveItem({ workflow }: Props) {
  if (workflow.archived_at === null) {
    return (
      <Menu.Item leftSection={<IconArchive size={16} />} onClick={() => askToArchive(workflow)}>
        Archive…
      </Menu.Item>
    );
  }
  return (
    <Menu.Item leftSection={<IconArchiveOff size={16} />} onClick={() => void restore(workflow).catch(toldError)}>
      Restore
    </Menu.Item>
  );
}
