import { ActionIcon, Badge, Button, Group, Menu, Text, Tooltip } from "@mantine/core";
import { IconArtboard, IconPencil, IconPlayerPlay, IconRocket } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { askToEdit } from "@/features/workflows/actions";
import { mayRun } from "@/features/workflows/mayRun";
import { ArchiveItem, DuplicateItem, ExportItems } from "@/features/workflows/menuItems";
import type { Workflow } from "@/shared/workflows/queries";
import { Tags } from "@/features/workflows/Tags";
import { VersionState } from "@/features/workflows/VersionState";
import { useMay } from "@/shared/session/session";
import { MoreMenu } from "@/shared/ui/MoreMenu";
import { PageHeader } from "@/shared/ui/PageHeader";
import { useShortcuts } from "@/shared/ui/shortcuts";
import { ButtonLink } from "@/shared/ui/links";
import { studioPage } from "@/shared/workflows/links";

interface Props {
  workflow: Workflow;
  onRun: () => void;
  onPublish: () => void;
}

/** A workflow's name, what is published of it, and what can be done with it. */
export function WorkflowHeader({ workflow, onRun, onPublish }: Props) {
  const mayDraw = useMay("DEVELOPER");
  const navigate = useNavigate();
  const canRun = mayRun(workflow, mayDraw);
  const hasDraft = workflow.latest_number !== workflow.published_number;
  useShortcuts("Workflow", [
    ...(canRun ? [{ keys: "r", label: "Run", run: onRun }] : []),
    { keys: "s", label: "Open in Studio", run: () => void navigate(studioPage(workflow.id)) },
  ]);
  return (
    <PageHeader
      parent={{ to: "/workflows", label: "Workflows" }}
      tab={workflow.name}
      title={
        <Group gap={4} wrap="nowrap">
          <Text inherit truncate maw="min(56vw, 900px)" title={workflow.name}>
            {workflow.name}
          </Text>
          {mayDraw && (
            <Tooltip label="Name, description and tags">
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label="Change name, description and tags"
                onClick={() => askToEdit(workflow)}
              >
                <IconPencil size={17} />
              </ActionIcon>
            </Tooltip>
          )}
        </Group>
      }
      subtitle={
        <>
          {workflow.description && (
            <Text size="sm" lineClamp={2} maw={900} title={workflow.description}>
              {workflow.description}
            </Text>
          )}
          <Group gap={6} mt={6}>
            {workflow.archived_at !== null && (
              <Badge variant="default" size="sm" radius="sm" tt="none">
                Archived
              </Badge>
            )}
            {workflow.published_number !== null && (
              <VersionState state="published" text={`Version ${workflow.published_number} is live`} />
            )}
            {hasDraft && <VersionState state="draft" text={`Version ${workflow.latest_number} is a draft`} />}
            <Tags tags={workflow.tags} />
          </Group>
        </>
      }
      actions={
        <>
          {canRun && (
            <Button leftSection={<IconPlayerPlay size={16} />} onClick={onRun}>
              Run
            </Button>
          )}
          {mayDraw && hasDraft && workflow.archived_at === null && (
            <Button variant="default" leftSection={<IconRocket size={16} />} onClick={onPublish}>
              Publish
            </Button>
          )}
          <ButtonLink variant="default" {...studioPage(workflow.id)} leftSection={<IconArtboard size={16} />}>
            Open in Studio
          </ButtonLink>
          <MoreMenu label="More actions">
            <ExportItems workflow={workflow} />
            {mayDraw && (
              <>
                <DuplicateItem workflow={workflow} />
                <Menu.Divider />
                <ArchiveItem workflow={workflow} />
              </>
            )}
          </MoreMenu>
        </>
      }
    />
  );
}
