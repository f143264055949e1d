import { Menu } from "@mantine/core";
import { IconArtboard, IconPencil, IconPlayerPlay } from "@tabler/icons-react";
import { askToEdit } from "@/features/workflows/actions";
import { mayRun } from "@/features/workflows/mayRun";
import { ArchiveItem, DuplicateItem, ExportItems } from "@/features/workflows/menuItems";
import type { Overview } from "@/features/workflows/queries";
import { useMay } from "@/shared/session/session";
import { MoreMenu } from "@/shared/ui/MoreMenu";
import { MenuLink } from "@/shared/ui/links";
import { studioPage } from "@/shared/workflows/links";

interface Props {
  workflow: Overview;
  onRun: (workflow: Overview) => void;
}

/** What can be done with a workflow in the list. */
export function WorkflowMenu({ workflow, onRun }: Props) {
  const mayDraw = useMay("DEVELOPER");
  return (
    <MoreMenu label={`Actions for ${workflow.name}`}>
      <MenuLink {...studioPage(workflow.id)} leftSection={<IconArtboard size={16} />}>
        Open in Studio
      </MenuLink>
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
