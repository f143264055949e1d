import { Menu } from "@mantine/core";
import {
  IconArchive,
  IconArchiveOff,
  IconArtboard,
  IconCopy,
  IconDownload,
  IconPencil,
  IconPlayerPlay,
} from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { askToArchive, askToDuplicate, askToEdit, exportAddress, restore } from "@/features/workflows/actions";
import { mayRun } from "@/features/workflows/mayRun";
import type { Overview } from "@/features/workflows/queries";
import { useMay } from "@/shared/session/session";
import { MoreMenu } from "@/shared/ui/MoreMenu";
import { toldError } from "@/shared/ui/told";

interface Props {
  workflow: Overview;
  onRun: (workflow: Overview) => void;
}

/** What can be done with a workflow in the list. */
export function WorkflowMenu({ workflow, onRun }: Props) {
  const mayDraw = useMay("DEVELOPER");
  const navigate = useNavigate();
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
      <Menu.Item component="a" href={exportAddress(workflow.id, "whole")} leftSection={<IconDownload size={16} />}>
        Export
      </Menu.Item>
      <Menu.Item component="a" href={exportAddress(workflow.id, "json")} leftSection={<IconDownload size={16} />}>
        Export as JSON
      </Menu.Item>
      {mayDraw && (
        <>
          <Menu.Divider />
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => askToEdit(workflow)}>
            Name and tags…
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCopy size={16} />}
            onClick={() => askToDuplicate(workflow, (id) => void navigate({ href: `/workflows/${id}` }))}
          >
            Duplicate…
          </Menu.Item>
          {workflow.archived_at === null ? (
            <Menu.Item leftSection={<IconArchive size={16} />} onClick={() => askToArchive(workflow)}>
              Archive…
            </Menu.Item>
          ) : (
            <Menu.Item
              leftSection={<IconArchiveOff size={16} />}
              onClick={() => void restore(workflow).catch(toldError)}
            >
              Restore
            </Menu.Item>
          )}
        </>
      )}
    </MoreMenu>
  );
}
