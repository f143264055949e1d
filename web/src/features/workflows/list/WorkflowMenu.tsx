import { Menu } from "@mantine/core";
import { IconArtboard, IconPencil, IconPlayerPlay } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { askToEdit } from "@/features/workflows/actions";
import { mayRun } from "@/features/workflows/mayRun";
import { ArchiveItem, DuplicateItem, ExportItems } from "@/features/workflows/menuItems";
import type { Overview } from "@/features/workflows/queries";
import { useMay } from "@/shared/session/session";
import { MoreMenu } from "@/shared/ui/MoreMenu";

interface Props {
  workflow: Overview;
  onRun: (workflow: Overview) => void;
}

/** What can be done with a workflow in the list. */
export function WorkflowMenu({ workflow, onRun }: Props) {
  const mayDraw = useMay("DEVELOPER");
  return (
    <MoreMenu label={`Actions for ${workflow.name}`}>
      <Menu.Item component={Link} to={`/studio/${workflow.id}`} leftSection={<IconArtboard size={16} />}>
        Open in Studio
      </Menu.Item>
      {mayRun(workflow, mayDraw) && (
        <Menu.Item leftSection={<IconPlayerPlay size={16} />} onClick={() => onRun(workflow)}>
          Run…
        </Menu.Item>
      )}
      <Menu.Divider />
      <ExportItems workflow={workflow} />
      {mayDraw && (
        <>
          <Menu.Divider />
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => askToEdit(workflow)}>
            Name and tags…
          </Menu.Item>
          <DuplicateItem workflow={workflow} />
          <ArchiveItem workflow={workflow} />
        </>
      )}
    </MoreMenu>
  );
}
